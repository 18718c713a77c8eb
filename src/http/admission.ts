import type { Server, Socket } from 'node:net';

/** Connections at the same time; a browser holds one for its stream and a few for the rest. */
const MAX_CONNECTIONS = 1000;
const MAX_CONNECTIONS_PER_ADDRESS = 300;

/** Connections that wait for their turn; more are closed. */
const MAX_WAITING = 200;

/** How many connections may begin at once after a pause, and in a second. A TLS handshake costs about 2 ms. */
const BURST = 40;
const PER_SECOND = 100;

const LOOK_EVERY_MS = 1000 / PER_SECOND;

/**
 * Lets connections begin no faster than the daemon's main job bears, since their TLS handshakes are computed in the same
 * thread, and no more of them than there is room for.
 */
export class Admission {
  readonly #begin: (socket: Socket) => void;
  readonly #perAddress = new Map<string, number>();
  readonly #waiting = new Set<Socket>();
  #pump: NodeJS.Timeout | undefined;
  #tokens = BURST;
  #refilledAtMs = performance.now();

  /** To be called before the server listens. */
  constructor(server: Server) {
    server.maxConnections = MAX_CONNECTIONS;
    const begin = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (socket) => this.#arrived(socket));
    this.#begin = (socket) => {
      for (const listener of begin) Reflect.apply(listener, server, [socket]);
    };
  }

  #arrived(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const others = this.#perAddress.get(address) ?? 0;
    if (others >= MAX_CONNECTIONS_PER_ADDRESS || this.#waiting.size >= MAX_WAITING) {
      socket.destroy();
      return;
    }
    this.#perAddress.set(address, others + 1);
    socket.once('close', () => this.#left(address));
    this.#waiting.add(socket);
    socket.on('error', ignore);
    socket.once('close', () => this.#waiting.delete(socket));
    this.#letIn();
  }

  #left(address: string): void {
    const others = (this.#perAddress.get(address) ?? 1) - 1;
    if (others === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, others);
  }

  #letIn(): void {
    this.#refill();
    for (const socket of this.#waiting) {
      if (this.#tokens < 1) break;
      this.#tokens -= 1;
      this.#waiting.delete(socket);
      this.#begin(socket);
      // Not earlier: an error between two listeners would be one that nobody handles.
      socket.off('error', ignore);
    }
    if (this.#waiting.size === 0 || this.#pump !== undefined) return;
    this.#pump = setTimeout(() => {
      this.#pump = undefined;
      this.#letIn();
    }, LOOK_EVERY_MS);
  }

  #refill(): void {
    const nowMs = performance.now();
    this.#tokens = Math.min(BURST, this.#tokens + ((nowMs - this.#refilledAtMs) * PER_SECOND) / 1000);
    this.#refilledAtMs = nowMs;
  }
}

/** Whoever leaves while waiting has left; `close` follows. */
function ignore(): void {}
