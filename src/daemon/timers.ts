import { type Event, type Timer, timerKey } from '../cluster/index.js';

type TimerEvent = Extract<Event, { type: 'timer' }>;

/** `setTimeout` fires at once for a longer delay than this. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * The core's timers, by key. One that is set again starts anew. The event of a timer that was cancelled or set again while
 * the event waited in the queue is stale: `isCurrent` tells, so that the core never sees one.
 */
export class Timers {
  readonly #running = new Map<string, NodeJS.Timeout>();
  readonly #fired = new Map<string, TimerEvent>();
  readonly #emit: (event: Event) => void;

  constructor(emit: (event: Event) => void) {
    this.#emit = emit;
  }

  set(timer: Timer, delayMs: number): void {
    this.cancel(timer);
    this.#arm(timer, Math.max(delayMs, 0));
  }

  cancel(timer: Timer): void {
    const key = timerKey(timer);
    clearTimeout(this.#running.get(key));
    this.#running.delete(key);
    this.#fired.delete(key);
  }

  cancelAll(): void {
    for (const handle of this.#running.values()) clearTimeout(handle);
    this.#running.clear();
    this.#fired.clear();
  }

  /** True once for an event that these timers sent and that is still wanted. */
  isCurrent(event: TimerEvent): boolean {
    const key = timerKey(event.timer);
    if (this.#fired.get(key) !== event) return false;
    this.#fired.delete(key);
    return true;
  }

  #arm(timer: Timer, remainingMs: number): void {
    const delayMs = Math.min(remainingMs, LONGEST_DELAY_MS);
    const handle = setTimeout(() => {
      if (remainingMs > delayMs) this.#arm(timer, remainingMs - delayMs);
      else this.#fire(timer);
    }, delayMs);
    this.#running.set(timerKey(timer), handle);
  }

  #fire(timer: Timer): void {
    const event: TimerEvent = { type: 'timer', timer };
    this.#running.delete(timerKey(timer));
    this.#fired.set(timerKey(timer), event);
    this.#emit(event);
  }
}
