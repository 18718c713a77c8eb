interface Waiting<Request, Result> {
  readonly request: Request;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Carries out what is asked while it is busy together, when it is free again: of a hundred services that come up at once,
 * the first is up at once, and all others with the second step instead of one after the other.
 */
export class Batcher<Request, Result> {
  readonly #carryOut: (requests: readonly Request[]) => Promise<Result>;
  readonly #blamesOne: (error: unknown) => boolean;
  readonly #most: number;
  #waiting: Waiting<Request, Result>[] = [];
  #busy = false;

  /**
   * @param carryOut begins after every one of its requests was made; all of them get its result.
   * @param blamesOne whether this error may be one request's fault: then each is carried out again by itself.
   * @param most so many at once: thousands together would all fail if there is not time for all.
   */
  constructor(
    carryOut: (requests: readonly Request[]) => Promise<Result>,
    blamesOne: (error: unknown) => boolean = () => false,
    most = Number.POSITIVE_INFINITY,
  ) {
    this.#carryOut = carryOut;
    this.#blamesOne = blamesOne;
    this.#most = most;
  }

  /** Throws what carrying out throws. */
  ask(request: Request): Promise<Result> {
    const result = new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
    });
    if (!this.#busy) this.#work();
    return result;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting.slice(0, this.#most);
      this.#waiting = this.#waiting.slice(this.#most);
      await this.#settle(together);
    }
    this.#busy = false;
  }

  async #settle(together: readonly Waiting<Request, Result>[]): Promise<void> {
    try {
      const result = await this.#carryOut(together.map(({ request }) => request));
      for (const { resolve } of together) resolve(result);
    } catch (error) {
      if (together.length > 1 && this.#blamesOne(error)) for (const one of together) await this.#settle([one]);
      else for (const { reject } of together) reject(error);
    }
  }
}
