import type { Clock, RunningTimer } from './clock.js';

/** First and longest wait before what could not be done is tried again unasked, in ms. */
export const RETRY_FIRST_MS = 1000;
export const RETRY_LONGEST_MS = 30_000;

/**
 * What ospfd was not ready for. It is tried again, all of it, when ospfd says that it is, and besides after waits that double
 * for as long as nothing succeeds.
 */
export class Retry<T> {
  readonly #clock: Clock;
  readonly #again: (waiting: readonly T[]) => void;
  readonly #waiting = new Set<T>();
  #nextMs = RETRY_FIRST_MS;
  #timer: RunningTimer | null = null;

  constructor(clock: Clock, again: (waiting: readonly T[]) => void) {
    this.#clock = clock;
    this.#again = again;
  }

  has(item: T): boolean {
    return this.#waiting.has(item);
  }

  add(item: T): void {
    this.#waiting.add(item);
    this.#timer ??= this.#clock.setTimer(this.#nextMs, () => {
      this.#timer = null;
      this.#nextMs = Math.min(this.#nextMs * 2, RETRY_LONGEST_MS);
      this.tryAll();
    });
  }

  delete(item: T): void {
    this.#waiting.delete(item);
  }

  /** Something went well: the next wait is the shortest again. */
  succeeded(): void {
    this.#nextMs = RETRY_FIRST_MS;
  }

  tryAll(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#again(waiting);
  }

  /** Nothing is tried again by itself. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  clear(): void {
    this.#waiting.clear();
  }
}
