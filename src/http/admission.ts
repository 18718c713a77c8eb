import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { Connections, ROOM } from './connections.js';

/**
 * How many connections may begin at once after a pause, and in a second. A TLS handshake with RSA keys of 3,072 bits costs
 * some 5 ms, during which nothing else happens.
 */
export const BURST = 6;
export const PER_SECOND = 50;

const LOOK_EVERY_MS = 1000 / PER_SECOND;

/**
 * Lets connections begin no faster than the daemon's main job bears, since their TLS handshakes are computed in the same
 * thread, and no more of them than there is room for.
 */
export class Admission {
  readonly #begin: (socket: Socket) => void;
  readonly #connections = new Connections(ROOM);
  /** Without TLS nobody has to show anything. */
  readonly #isSecure: boolean;
  /** By address, which take turns: whoever opens many does not keep the others out. */
  readonly #waiting = new Map<string, Set<Socket>>();
  #waits = 0;
  #closed = false;
  #pump: NodeJS.Timeout | undefined;
  #tokens = BURST;
  #refilledAtMs = performance.now();

  /** To be called before the server listens. */
  constructor(server: Server, isSecure: boolean) {
    this.#isSecure = isSecure;
    const begin = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (socket) => this.#arrived(socket));
    this.#begin = (socket) => {
      for (const listener of begin) Reflect.apply(listener, server, [socket]);
      if (!this.#isSecure) this.#isHolder(socket);
    };
    server.on('secureConnection', (socket: Socket) => this.#isHolder(socket));
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#connections.requestBegins(socket);
      response.once('close', () => this.#connections.requestEnds(socket));
    });
  }

  /** Ends all connections, those too whose handshake has not ended; those that come are closed. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#pump);
    for (const socket of this.#connections.sockets) socket.destroy();
  }

  #arrived(socket: Socket): void {
    if (this.#closed || !this.#connections.add(socket)) {
      socket.destroy();
      return;
    }
    const address = socket.remoteAddress ?? '';
    const waiting = this.#waiting.get(address) ?? new Set();
    this.#waiting.set(address, waiting.add(socket));
    this.#waits += 1;
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#waitsNoMore(socket, address);
    });
    socket.on('error', ignore);
    this.#letIn();
  }

  #isHolder(socket: Socket): void {
    if (!this.#connections.becomesHolder(socket)) socket.destroy();
  }

  #waitsNoMore(socket: Socket, address: string): void {
    const waiting = this.#waiting.get(address);
    if (!waiting?.delete(socket)) return;
    this.#waits -= 1;
    // Set anew, it comes last.
    this.#waiting.delete(address);
    if (waiting.size > 0) this.#waiting.set(address, waiting);
  }

  #letIn(): void {
    this.#refill();
    while (this.#tokens >= 1 && this.#waits > 0) {
      this.#tokens -= 1;
      this.#letFirstIn();
    }
    if (this.#waits === 0 || this.#pump !== undefined) return;
    this.#pump = setTimeout(() => {
      this.#pump = undefined;
      this.#letIn();
    }, LOOK_EVERY_MS);
  }

  #letFirstIn(): void {
    for (const [address, waiting] of this.#waiting) {
      for (const socket of waiting) {
        this.#waitsNoMore(socket, address);
        this.#begin(socket);
        // Not earlier: an error between two listeners would be one that nobody handles.
        socket.off('error', ignore);
        return;
      }
    }
  }

  #refill(): void {
    const nowMs = performance.now();
    this.#tokens = Math.min(BURST, this.#tokens + ((nowMs - this.#refilledAtMs) * PER_SECOND) / 1000);
    this.#refilledAtMs = nowMs;
  }
}

/** Whoever leaves while waiting has left; `close` follows. */
function ignore(): void {}
