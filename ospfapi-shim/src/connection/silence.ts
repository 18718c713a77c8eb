/** Silence is looked at so many times before it counts as the end: seldom, since a process at rest does little else. */
const LOOKS = 3;
/** Within a third of the limit ospfd is asked for a sign of life: the rest is for its answer. */
const ASK_AT = 1;

export interface SilenceOptions {
  /** ospfd that has sent nothing for so long hangs. */
  readonly limitMs: number;
  /** Nothing has come for a third of it: something must be asked, if nothing is asked already. */
  readonly ask: () => void;
  readonly passed: () => void;
}

/**
 * Finds an ospfd that hangs although its connections stand (its kernel keeps them for it). Whatever it sends counts as a
 * sign of life, an answer or a notification: one that is busy with a burst is not taken for dead as long as it gets on.
 *
 * Time in which this process did not run does not count: what has arrived meanwhile is read only after the timers.
 */
export class Silence {
  readonly #options: SilenceOptions;
  readonly #timer: NodeJS.Timeout;
  #looks = 0;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), options.limitMs / LOOKS);
  }

  broken(): void {
    this.#looks = 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#looks++;
    if (this.#looks >= LOOKS) this.#options.passed();
    else if (this.#looks >= ASK_AT) this.#options.ask();
  }
}
