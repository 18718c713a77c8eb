import { type Event, type Timer, timerKey } from '../cluster/index.js';
import type { RouterId } from '../model/index.js';

type TimerEvent = Extract<Event, { type: 'timer' }>;

/** What a node has not said by then it may have said: on a node that is busy it waits to be looked at. */
const JUDGES: ReadonlySet<Timer['kind']> = new Set(['silent', 'idle', 'route', 'own-route']);

/** `setTimeout` fires at once for a longer delay than this. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** How long what has arrived of a node may keep the judgement on it waiting, in ms, and when it is looked at again. */
const LONGEST_GRACE_MS = 30_000;
const LOOK_AGAIN_MS = 20;

/** Whether something of this node (null: of this one) has arrived that has not been looked at yet. */
export type IsBehind = (node: RouterId | null) => boolean;

/**
 * The core's timers, by key. One that is set again starts anew. The event of a timer that was cancelled or set again while
 * the event waited in the queue is stale: `isCurrent` tells, so that the core never sees one.
 */
export class Timers {
  readonly #running = new Map<string, NodeJS.Timeout>();
  readonly #fired = new Map<string, TimerEvent>();
  readonly #emit: (event: Event) => void;
  readonly #isBehind: IsBehind;

  constructor(emit: (event: Event) => void, isBehind: IsBehind = () => false) {
    this.#emit = emit;
    this.#isBehind = isBehind;
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
      else if (JUDGES.has(timer.kind)) this.#fireInTime(timer, performance.now() + LONGEST_GRACE_MS);
      else this.#fire(timer);
    }, delayMs);
    this.#running.set(timerKey(timer), handle);
  }

  /** By the clock, and not by how often it looks: on a busy machine that is seldom. */
  #fireInTime(timer: Timer, endMs: number): void {
    if (performance.now() >= endMs || !this.#isBehind('node' in timer ? timer.node : null)) return this.#fire(timer);
    const handle = setTimeout(() => this.#fireInTime(timer, endMs), LOOK_AGAIN_MS);
    this.#running.set(timerKey(timer), handle);
  }

  #fire(timer: Timer): void {
    const event: TimerEvent = { type: 'timer', timer };
    this.#running.delete(timerKey(timer));
    this.#fired.set(timerKey(timer), event);
    this.#emit(event);
  }
}
