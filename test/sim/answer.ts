/** A promise in simulated time: who waits for it hears of it at once when it is given, and not after the step of the clock. */
export class Answer<T> implements PromiseLike<T> {
  #heard: ((value: T) => void) | null = null;

  // biome-ignore lint/suspicious/noThenProperty: it stands for a promise
  then<Result1 = T, Result2 = never>(
    heard?: ((value: T) => Result1 | PromiseLike<Result1>) | null,
  ): PromiseLike<Result1 | Result2> {
    const next = new Answer<Result1 | Result2>();
    this.#heard = (value) => next.give(heard?.(value) as Result1);
    return next;
  }

  give(value: T): void {
    this.#heard?.(value);
  }
}
