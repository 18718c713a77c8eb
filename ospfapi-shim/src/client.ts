import { setTimeout as delay } from 'node:timers/promises';
import { openSocketPair, type SocketPair } from './connection/handshake.js';
import { type Notification, Session } from './connection/session.js';
import { startSession } from './connection/start-session.js';
import type { OspfApiEvent } from './events.js';
import type { Ipv4 } from './ipv4.js';
import type { LsdbMirror } from './lsdb.js';
import { LsdbComparison } from './lsdb-comparison.js';
import { LsdbKeeper } from './lsdb-keeper.js';
import { type OpaqueLsa, toDeleteRequest, toOriginateRequest } from './opaque-request.js';
import { type OspfApiOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { OspfApiReply } from './reply.js';
import { type Neighbour, Surroundings } from './surroundings.js';
import type { ApiRequest } from './wire/message.js';

export interface OspfApiClientApi {
  /** Begins to connect, and goes on connecting until stopped. */
  start(listener: (event: OspfApiEvent) => void): void;
  /** Closes the session; ospfd then flushes what was originated in it. No event follows. */
  stop(): Promise<void>;
  /** Originates, or updates in place. Never rejects. */
  originate(lsa: OpaqueLsa): Promise<OspfApiReply>;
  /** Never rejects. */
  delete(lsa: Omit<OpaqueLsa, 'body'>): Promise<OspfApiReply>;
  readonly lsdb: LsdbMirror;
  /** All routers that SPF reaches now. */
  readonly reachable: ReadonlySet<Ipv4>;
  /** All neighbours that are not down. */
  neighbours(): Neighbour[];
  /** undefined while there is no session. */
  readonly routerId: Ipv4 | undefined;
}

/** See `OspfApiClientApi`. One session at a time; a new one is made 100 ms to 1 s after the last has ended. */
export class OspfApiClient implements OspfApiClientApi {
  readonly #options: ResolvedOptions;
  readonly #surroundings = new Surroundings((event) => this.#emit(event));
  readonly #lsdb = new LsdbKeeper((event) => this.#emit(event));
  #listener: ((event: OspfApiEvent) => void) | undefined;
  #stopping: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Set from `connected` to `disconnected`. */
  #session: Session | undefined;
  #routerId: Ipv4 | undefined;
  /** Set from `synced` to `disconnected`. */
  #comparison: LsdbComparison | undefined;

  constructor(options: OspfApiOptions) {
    this.#options = resolveOptions(options);
  }

  get lsdb(): LsdbMirror {
    return this.#lsdb.mirror;
  }

  get reachable(): ReadonlySet<Ipv4> {
    return this.#surroundings.reachable;
  }

  get routerId(): Ipv4 | undefined {
    return this.#routerId;
  }

  neighbours(): Neighbour[] {
    return this.#surroundings.neighbours();
  }

  start(listener: (event: OspfApiEvent) => void): void {
    if (this.#stopping !== undefined) throw new Error('this client was started already; make another one');
    this.#listener = listener;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#stopping?.abort();
    await this.#running;
  }

  originate(lsa: OpaqueLsa): Promise<OspfApiReply> {
    return this.#request(toOriginateRequest(lsa));
  }

  delete(lsa: Omit<OpaqueLsa, 'body'>): Promise<OspfApiReply> {
    return this.#request(toDeleteRequest(lsa));
  }

  async #request(request: ApiRequest | string): Promise<OspfApiReply> {
    if (typeof request === 'string') return { ok: false, code: 'invalid', text: request };
    if (this.#session === undefined) {
      return { ok: false, code: 'disconnected', text: 'there is no session with ospfd; wait for `connected`' };
    }
    return this.#session.request(request);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { minRetryMs, maxRetryMs } = this.#options;
    let retryInMs = minRetryMs;
    while (!signal.aborted) {
      const { failure, wasSynced } = await this.#live(signal);
      if (signal.aborted) return;
      if (wasSynced) retryInMs = minRetryMs;
      if (failure !== undefined) this.#emit({ type: 'connect-failed', reason: failure, retryInMs });
      await sleep(retryInMs, signal);
      retryInMs = Math.min(2 * retryInMs, maxRetryMs);
    }
  }

  /** One session from the attempt to connect to its end. `failure`: it did not get as far as `connected`. */
  async #live(signal: AbortSignal): Promise<{ failure: string | undefined; wasSynced: boolean }> {
    const { host, port, requestTimeoutMs: timeoutMs, opaque, hasInstance } = this.#options;
    try {
      if (!(await hasInstance()))
        return { failure: 'no OSPF instance is configured (`router ospf`)', wasSynced: false };
      const sockets = await openSocketPair({ host, port, timeoutMs }, signal);
      return await this.#serve(sockets, opaque, timeoutMs, signal);
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error), wasSynced: false };
    }
  }

  async #serve(sockets: SocketPair, opaque: ResolvedOptions['opaque'], timeoutMs: number, signal: AbortSignal) {
    let wasConnected = false;
    let end: (reason: string) => void = () => {};
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    const early: (() => void)[] = [];
    const session = new Session(
      sockets,
      {
        onNotification: (notification, sequence) => {
          if (wasConnected) this.#handle(notification, sequence);
          else early.push(() => this.#handle(notification, sequence));
        },
        onMalformed: ({ what, reason }) => this.#emit({ type: 'malformed', what, reason }),
        onClosed: (reason) => {
          if (wasConnected) this.#endSession(reason);
          end(reason);
        },
      },
      timeoutMs,
    );
    const stop = () => session.close('stopped');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const problem = await startSession(session, opaque, (routerId) => {
      wasConnected = true;
      this.#beginSession(session, routerId);
      for (const handle of early.splice(0)) handle();
    });
    if (problem === undefined) this.#synced(session);
    else session.close(problem);
    const reason = await ended;
    signal.removeEventListener('abort', stop);
    return { failure: wasConnected ? undefined : reason, wasSynced: problem === undefined };
  }

  #beginSession(session: Session, routerId: Ipv4): void {
    this.#session = session;
    this.#routerId = routerId;
    this.#surroundings.clear();
    this.#lsdb.begin(() => session.barrier());
    this.#emit({ type: 'connected', routerId });
  }

  #synced(session: Session): void {
    const { compareEveryMs: everyMs, compareAfterAdjacencyMs: afterAdjacencyMs } = this.#options;
    const emit = (event: OspfApiEvent) => this.#emit(event);
    this.#comparison = new LsdbComparison({ session, keeper: this.#lsdb, everyMs, afterAdjacencyMs, emit });
    this.#emit({ type: 'synced' });
  }

  #endSession(reason: string): void {
    this.#session = undefined;
    this.#comparison?.end();
    this.#comparison = undefined;
    this.#routerId = undefined;
    this.#surroundings.clear();
    this.#lsdb.end();
    this.#emit({ type: 'disconnected', reason });
  }

  #handle(notification: Notification, sequence: number): void {
    const routerId = this.#routerId;
    if (routerId === undefined) return;
    switch (notification.kind) {
      case 'lsa-update':
      case 'lsa-delete':
        this.#lsdb.handle(notification, routerId, sequence !== 0);
        break;
      case 'ready': {
        const { lsaType, opaqueType, address } = notification;
        this.#emit({ type: 'opaque-ready', lsaType, opaqueType, address });
        break;
      }
      case 'router-id-change':
        if (notification.routerId === routerId) break;
        this.#routerId = notification.routerId;
        this.#emit({ type: 'router-id', routerId: notification.routerId });
        break;
      default:
        if (notification.kind === 'nsm-change' && notification.state === 'full') this.#comparison?.adjacencyFormed();
        this.#surroundings.handle(notification, routerId);
    }
  }

  #emit(event: OspfApiEvent): void {
    this.#listener?.(event);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => {});
}
