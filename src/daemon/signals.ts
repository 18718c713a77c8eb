/** What signals can do to a running daemon. */
export interface SignalTarget {
  shutDown(signal: string): void;
  reload(): void;
}

/** Listens to SIGTERM, SIGINT and SIGHUP from the beginning; what comes before the daemon runs is delivered then. */
export class Signals {
  #target: SignalTarget | undefined;
  #early: string | undefined;
  readonly #end = (signal: string) => {
    if (this.#target === undefined) this.#early = signal;
    else this.#target.shutDown(signal);
  };
  readonly #reload = () => this.#target?.reload();

  constructor() {
    process.on('SIGTERM', this.#end);
    process.on('SIGINT', this.#end);
    process.on('SIGHUP', this.#reload);
  }

  deliverTo(target: SignalTarget): void {
    this.#target = target;
    if (this.#early !== undefined) target.shutDown(this.#early);
  }

  close(): void {
    process.off('SIGTERM', this.#end);
    process.off('SIGINT', this.#end);
    process.off('SIGHUP', this.#reload);
  }
}
