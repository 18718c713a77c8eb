import type { Log } from './ports.js';

/** How often the log says what is still waited for. */
const PROGRESS_EVERY_MS = 5_000;

export interface ShutdownParts {
  /** Tells the core. */
  readonly begin: () => void;
  /** The services that are not stopped yet. */
  readonly waitingFor: () => readonly string[];
  /** Looked up when the shutdown begins. */
  readonly limitMs: () => number;
  readonly log: Log;
}

export type ShutdownResult = 'finished' | 'insisted' | 'took-too-long';

/** From the first signal until everything is stopped and withdrawn, or until it must end without. */
export class Shutdown {
  readonly result: Promise<ShutdownResult>;
  readonly #parts: ShutdownParts;
  readonly #running: NodeJS.Timeout[] = [];
  #settle: (result: ShutdownResult) => void = () => {};
  #begun = false;

  constructor(parts: ShutdownParts) {
    this.#parts = parts;
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** The second call ends without waiting: whoever sends two signals means it. */
  request(signal: string): void {
    const { begin, log, limitMs } = this.#parts;
    if (this.#begun) {
      log.error({ signal }, `${signal} again: ending at once; what still runs is stopped at the next start`);
      this.#end('insisted');
      return;
    }
    this.#begun = true;
    const withinMs = limitMs();
    log.info({ signal }, `${signal}: stopping and withdrawing everything, within ${Math.round(withinMs / 1000)} s`);
    this.#running.push(setInterval(() => this.#progress(), PROGRESS_EVERY_MS));
    this.#running.push(setTimeout(() => this.#tookTooLong(), withinMs));
    begin();
  }

  finished(): void {
    this.#end('finished');
  }

  #progress(): void {
    const services = this.#parts.waitingFor();
    this.#parts.log.info({ services }, `ending: waiting for ${services.join(', ') || 'the last announcements'}`);
  }

  #tookTooLong(): void {
    const services = this.#parts.waitingFor();
    this.#parts.log.error({ services }, `ending without ${services.join(', ') || 'an answer'}: the time is over`);
    this.#end('took-too-long');
  }

  #end(result: ShutdownResult): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#settle(result);
  }
}
