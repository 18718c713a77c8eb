import type { X509Certificate } from 'node:crypto';
import type { Server, TLSSocket } from 'node:tls';
import type { Identity } from '../identity.js';
import { chainOf } from './peer.js';
import type { Trust } from './trust.js';

/** How often it is looked whether a certificate has expired while its connection stays. */
const LOOK_EVERY_MS = 10_000;

/**
 * Who is at the other end of each TLS connection. What somebody may do is decided once for a connection; a connection
 * whose holder is no longer what it was ends at once, with all that is open on it.
 */
export class Holders {
  #trust: Trust;
  readonly #identities = new WeakMap<object, Identity>();
  readonly #open = new Map<TLSSocket, readonly X509Certificate[]>();
  readonly #looking: NodeJS.Timeout;

  constructor(server: Server, trust: Trust) {
    this.#trust = trust;
    // Before the HTTP server's own listener: who it is must be known when the first request is read.
    server.prependListener('secureConnection', (socket) => this.#add(socket));
    this.#looking = setInterval(() => this.#endExpired(), LOOK_EVERY_MS);
    this.#looking.unref();
  }

  /** undefined: no connection of this server, or one that is ending. */
  identityOf(socket: object): Identity | undefined {
    return this.#identities.get(socket);
  }

  /** From now on this decides, for connections that are open too. Returns how many have ended. */
  judgeBy(trust: Trust): number {
    this.#trust = trust;
    let ended = 0;
    // Once for each holder: hundreds of streams must not take hundreds of times as long.
    const judged = new Map<string, Identity>();
    for (const [socket, chain] of this.#open) {
      const before = this.identityOf(socket);
      const key = chain.map(({ fingerprint256 }) => fingerprint256).join();
      const now = judged.get(key) ?? trust.identify(chain, Date.now());
      judged.set(key, now);
      if (now.trusted === before?.trusted && now.role === before.role) continue;
      this.#end(socket);
      ended += 1;
    }
    return ended;
  }

  close(): void {
    clearInterval(this.#looking);
  }

  #add(socket: TLSSocket): void {
    const chain = chainOf(socket);
    this.#identities.set(socket, this.#trust.identify(chain, Date.now()));
    this.#open.set(socket, chain);
    socket.once('close', () => this.#open.delete(socket));
  }

  #endExpired(): void {
    const nowMs = Date.now();
    for (const socket of this.#open.keys()) {
      const identity = this.identityOf(socket);
      if (identity?.trusted && identity.untilMs <= nowMs) this.#end(socket);
    }
  }

  #end(socket: TLSSocket): void {
    this.#identities.delete(socket);
    socket.destroy();
  }
}
