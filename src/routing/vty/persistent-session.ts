import { checkAnswer, type FrrDaemon, VtyUnavailable } from './answer.js';
import { CONFIGURE_TERMINAL, END, type VtyCommand } from './commands.js';
import type { OpenVty, VtyConnection, VtyEndpoint } from './connection.js';
import { socketVty } from './socket-session.js';
import { telnetVty } from './telnet-session.js';

export interface VtySessionOptions {
  readonly daemon: FrrDaemon;
  readonly open: OpenVty;
  /** Limit for each answer. Default 5,000 ms. */
  readonly timeoutMs?: number;
  /** Limit for getting a session, from when a request's turn comes. Default 2,000 ms. */
  readonly connectWithinMs?: number;
  /** Whether a request waits for a daemon that is not there, until its time is over. Default true. */
  readonly patient?: boolean;
  /** The session broke: the daemon may have been restarted, without what we had configured. */
  readonly onLost?: (reason: string) => void;
}

type Work<T> = (connection: VtyConnection) => Promise<T>;

/** A daemon that is busy with many routes, or on a machine that stands still for a moment, is not gone. */
const DEFAULT_TIMEOUT_MS = 5_000;
/** One that is not there may be about to be started again. */
const DEFAULT_CONNECT_WITHIN_MS = 2_000;
/** Longer than this nobody waits for his turn: the daemon hangs. */
const LONGEST_WAIT_MS = 10_000;
const SHORTEST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1_000;

/** How to open the VTY at this endpoint. */
export function vtyOpener({ daemon, address }: VtyEndpoint): OpenVty {
  return address.kind === 'unix' ? socketVty(daemon, address.path) : telnetVty(daemon, address);
}

/**
 * One daemon's VTY, kept open. Requests are carried out one after the other, each as a whole, so that nothing comes
 * between `router ospf` and the line meant for it. A session that was lost is opened again with growing pauses.
 */
export class VtySession {
  readonly daemon: FrrDaemon;
  readonly #open: OpenVty;
  readonly #timeoutMs: number;
  readonly #connectWithinMs: number;
  readonly #patient: boolean;
  readonly #onLost: (reason: string) => void;
  #connection: VtyConnection | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #backoffMs = 0;
  #notBefore = 0;
  #lastFailure: VtyUnavailable | undefined;
  #closed = false;

  constructor(options: VtySessionOptions) {
    this.daemon = options.daemon;
    this.#open = options.open;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#connectWithinMs = options.connectWithinMs ?? DEFAULT_CONNECT_WITHIN_MS;
    this.#patient = options.patient ?? true;
    this.#onLost = options.onLost ?? (() => {});
  }

  /** The answer to one `show`. Throws VtyRefusal or VtyUnavailable. `patient` as in the options, for this request. */
  show(command: VtyCommand, patient: boolean = this.#patient): Promise<string> {
    return this.#request((connection) => this.#exec(connection, command), patient);
  }

  /**
   * Enters configuration mode, gives the commands in order and leaves. The first that is refused ends it: what went
   * before stays. Throws VtyRefusal or VtyUnavailable.
   */
  configure(commands: readonly VtyCommand[], patient: boolean = this.#patient): Promise<void> {
    return this.#request(async (connection) => {
      await this.#exec(connection, CONFIGURE_TERMINAL);
      try {
        for (const command of commands) await this.#exec(connection, command);
      } finally {
        await this.#exec(connection, END);
      }
    }, patient);
  }

  close(): void {
    this.#closed = true;
    this.#connection?.close();
    this.#connection = undefined;
  }

  #request<T>(work: Work<T>, patient: boolean): Promise<T> {
    const askedAt = performance.now();
    const result = this.#queue.then(() => {
      // Its limits begin when its turn comes: many aliases at once must not make the last ones fail.
      if (performance.now() - askedAt >= LONGEST_WAIT_MS) throw this.#tooLate(LONGEST_WAIT_MS);
      return this.#attempt(work, patient);
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /** A session that was open may have died unnoticed: all requests may be repeated, so that is tried once. */
  async #attempt<T>(work: Work<T>, patient: boolean): Promise<T> {
    const begun = performance.now();
    const kept = this.#connection;
    if (kept !== undefined) {
      try {
        return await work(kept);
      } catch (error) {
        if (!(error instanceof VtyUnavailable) || performance.now() - begun >= this.#timeoutMs) throw error;
      }
    }
    return await work(await this.#connect(performance.now() + this.#connectWithinMs, patient));
  }

  async #connect(deadline: number, patient: boolean): Promise<VtyConnection> {
    for (;;) {
      if (this.#closed) throw new VtyUnavailable(this.daemon, 'this session was closed');
      const pause = this.#notBefore - performance.now();
      if (!patient && pause > 0) throw this.#tooLate(this.#connectWithinMs);
      if (performance.now() + Math.max(pause, 0) >= deadline) throw this.#tooLate(this.#connectWithinMs);
      if (pause > 0) await delay(pause);
      try {
        return await this.#connectOnce(deadline);
      } catch (error) {
        if (!(error instanceof VtyUnavailable)) throw error;
        this.#lastFailure = error;
        this.#backoffMs = Math.min(Math.max(this.#backoffMs * 2, SHORTEST_BACKOFF_MS), LONGEST_BACKOFF_MS);
        this.#notBefore = performance.now() + this.#backoffMs;
      }
    }
  }

  async #connectOnce(deadline: number): Promise<VtyConnection> {
    let opened: VtyConnection | undefined;
    const connection = await this.#open(this.#rest(deadline), (reason) => {
      if (this.#connection === opened) this.#connection = undefined;
      if (!this.#closed) this.#onLost(reason);
    });
    opened = connection;
    if (this.#closed) {
      connection.close();
      throw new VtyUnavailable(this.daemon, 'this session was closed');
    }
    this.#backoffMs = 0;
    this.#lastFailure = undefined;
    this.#connection = connection;
    return connection;
  }

  async #exec(connection: VtyConnection, command: VtyCommand): Promise<string> {
    try {
      return checkAnswer(this.daemon, command, await connection.exec(command.text, this.#timeoutMs));
    } catch (error) {
      if (error instanceof VtyUnavailable && this.#connection === connection) {
        this.#connection = undefined;
        connection.close();
      }
      throw error;
    }
  }

  #rest(deadline: number): number {
    const rest = deadline - performance.now();
    if (rest <= 0) throw this.#tooLate(this.#connectWithinMs);
    return Math.ceil(rest);
  }

  #tooLate(limitMs: number): VtyUnavailable {
    return this.#lastFailure ?? new VtyUnavailable(this.daemon, `no answer within ${limitMs} ms`);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
