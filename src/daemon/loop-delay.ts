/** Close enough to see what delays a failover. */
const CLOSE_MS = 50;
/** What keeps the event loop busy, keeps it so for a while. */
const CLOSE_FOR_MS = 2_000;
/** At rest nothing should be done that could be left undone. */
const AT_REST_MS = 1_000;
const WINDOW_MS = 60_000;

/** How late the event loop was, at worst, in the present or the last full minute. */
export class LoopDelay {
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #closeUntilMs = 0;
  #windowEndMs = performance.now() + WINDOW_MS;
  #worst = 0;
  #lastWindow = 0;

  constructor() {
    this.#arm(AT_REST_MS);
  }

  /** Something begins: from now on it is looked at closely, for as long as things go on. Costs next to nothing. */
  stirred(): void {
    const nowMs = performance.now();
    const isClose = nowMs < this.#closeUntilMs;
    this.#closeUntilMs = nowMs + CLOSE_FOR_MS;
    if (!isClose && this.#timer !== undefined) this.#arm(CLOSE_MS);
  }

  worstMs(): number {
    return Math.round(Math.max(this.#lastWindow, this.#worst));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = performance.now() + afterMs;
    this.#timer = setTimeout(() => this.#look(), afterMs).unref();
  }

  #look(): void {
    const nowMs = performance.now();
    if (nowMs >= this.#windowEndMs) {
      this.#lastWindow = nowMs < this.#windowEndMs + WINDOW_MS ? this.#worst : 0;
      this.#worst = 0;
      this.#windowEndMs = nowMs + WINDOW_MS;
    }
    this.#worst = Math.max(this.#worst, nowMs - this.#dueMs);
    this.#arm(nowMs < this.#closeUntilMs ? CLOSE_MS : AT_REST_MS);
  }
}
