/** What signals can do to a running daemon. */
export interface SignalTarget {
  shutDown(signal: string): void;
  reload(): void;
}

/**
 * Listens to SIGTERM, SIGINT and SIGHUP from the moment it is made, which must be before all else: by default SIGHUP
 * ends a process, and systemd takes that for a clean end. What comes before the daemon runs is delivered then.
 *
 * This file imports nothing, so that it can be loaded before the rest of the daemon.
 */
export class Signals {
  readonly #insisted: () => void;
  #target: SignalTarget | undefined;
  #earlyEnd: string | undefined;
  #earlyReload = false;
  readonly #end = (signal: string) => {
    if (this.#target !== undefined) this.#target.shutDown(signal);
    else if (this.#earlyEnd !== undefined) this.#insisted();
    else this.#earlyEnd = signal;
  };
  readonly #reload = () => {
    if (this.#target !== undefined) this.#target.reload();
    else this.#earlyReload = true;
  };

  /** `insisted`: told twice to end, and not even started; nothing has been announced yet. */
  constructor(insisted: () => void = () => process.exit(1)) {
    this.#insisted = insisted;
    process.on('SIGTERM', this.#end);
    process.on('SIGINT', this.#end);
    process.on('SIGHUP', this.#reload);
  }

  deliverTo(target: SignalTarget): void {
    this.#target = target;
    if (this.#earlyEnd !== undefined) target.shutDown(this.#earlyEnd);
    else if (this.#earlyReload) target.reload();
  }

  close(): void {
    process.off('SIGTERM', this.#end);
    process.off('SIGINT', this.#end);
    process.off('SIGHUP', this.#reload);
  }
}
