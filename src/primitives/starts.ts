/**
 * Lets one process be started in each turn of the event loop. Starting one holds this process up for some 5 to 10 ms: of
 * a hundred at once, the first would be heard of after a second.
 */
export class Starts {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, in the order of the calls. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.#last;
  }
}
