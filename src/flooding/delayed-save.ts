import type { Clock, RunningTimer } from './clock.js';

/** So long after a change it is written down, so that a burst of changes is one write. */
const DELAY_MS = 100;

/** Saves something a little after it has changed. */
export class DelayedSave {
  readonly #clock: Clock;
  readonly #save: () => Promise<void>;
  #timer: RunningTimer | null = null;
  #stopped = false;

  constructor(clock: Clock, save: () => Promise<void>) {
    this.#clock = clock;
    this.#save = save;
  }

  soon(): void {
    if (this.#stopped) return;
    this.#timer ??= this.#clock.setTimer(DELAY_MS, () => {
      this.#timer = null;
      void this.#save();
    });
  }

  /** Saves for the last time. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#save();
  }
}
