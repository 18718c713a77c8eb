import { connect, createServer, type Server, type Socket } from 'node:net';
import { startDeadline } from './deadline.js';

export interface HandshakeOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** Both connections to ospfd: requests and their replies on one, notifications on the other. */
export interface SocketPair {
  readonly requests: Socket;
  readonly notifications: Socket;
}

/** Below Linux's range of ephemeral ports, so that nobody is given ours by chance. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const PORT_ATTEMPTS = 20;

/**
 * Connects to ospfd from a local port P, after listening on P+1, where ospfd connects back. Rejects with an Error that
 * says what failed; nothing stays open then. `signal` gives up early.
 */
export async function openSocketPair(options: HandshakeOptions, signal: AbortSignal): Promise<SocketPair> {
  for (let attempt = 1; ; attempt++) {
    const port = pickPort(options.port);
    try {
      return await openFrom(port, options, signal);
    } catch (error) {
      if (!isPortTaken(error) || attempt === PORT_ATTEMPTS || signal.aborted) throw error;
    }
  }
}

/** ospfd refuses a client whose port P+1 is the API's own; P itself would clash on the same host. */
function pickPort(apiPort: number): number {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if (port !== apiPort && port + 1 !== apiPort) return port;
  }
}

function isPortTaken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL';
}

async function openFrom(localPort: number, options: HandshakeOptions, signal: AbortSignal): Promise<SocketPair> {
  const server = createServer({ noDelay: true });
  let requests: Socket | undefined;
  const cleanUp: (() => void)[] = [];
  try {
    return await new Promise<SocketPair>((resolve, reject) => {
      const target = `${options.host}:${options.port}`;
      const tooLate = () =>
        reject(
          new Error(`ospfd at ${target} did not connect back to our port ${localPort + 1} in ${options.timeoutMs} ms`),
        );
      cleanUp.push(startDeadline(options.timeoutMs, tooLate));
      const giveUp = () => reject(new Error('stopped'));
      signal.addEventListener('abort', giveUp, { once: true });
      cleanUp.push(() => signal.removeEventListener('abort', giveUp));
      server.on('error', reject);
      server.listen({ port: localPort + 1, host: listenAddress(options.host), backlog: 4 }, () => {
        requests = connectFrom(localPort, options);
        requests.on('error', reject);
        requests.on('close', () => reject(new Error(`ospfd at ${target} closed the connection during the handshake`)));
        acceptFrom(requests, server).then((notifications) => {
          if (requests !== undefined) resolve({ requests, notifications });
        }, reject);
      });
    });
  } catch (error) {
    requests?.destroy();
    throw error;
  } finally {
    for (const step of cleanUp) step();
    server.close();
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127\./.test(host);
}

function listenAddress(host: string): string {
  return isLoopback(host) ? '127.0.0.1' : '0.0.0.0';
}

function connectFrom(localPort: number, { host, port }: HandshakeOptions): Socket {
  const from = isLoopback(host) ? { localAddress: '127.0.0.1' } : {};
  return connect({ host, port, localPort, ...from, family: 4, noDelay: true, keepAlive: true });
}

/** The first connection that comes from where we connected to; all others are turned away. */
function acceptFrom(requests: Socket, server: Server): Promise<Socket> {
  return new Promise((resolve) => {
    let chosen: Socket | undefined;
    let early: Socket[] | undefined = [];
    const consider = (socket: Socket) => {
      if (chosen !== undefined || socket.remoteAddress !== requests.remoteAddress) {
        socket.destroy();
        return;
      }
      chosen = socket;
      resolve(socket);
    };
    server.on('connection', (socket) => {
      socket.on('error', () => socket.destroy());
      if (early === undefined) consider(socket);
      else early.push(socket);
    });
    requests.once('connect', () => {
      const before = early ?? [];
      early = undefined;
      for (const socket of before) consider(socket);
    });
  });
}
