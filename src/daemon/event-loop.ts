import type { Event } from '../cluster/index.js';
import type { EffectRunner } from './effect-runner.js';
import { EventQueue } from './event-queue.js';
import type { Core } from './ports.js';
import type { Timers } from './timers.js';

export interface EventLoopParts {
  readonly core: Core;
  readonly effects: EffectRunner;
  readonly timers: Timers;
  /** By how many ms the leases have been renewed too late since the last call; 0: they were not. */
  readonly leaseOverrunMs: () => number;
  /** Monotonic ms. */
  readonly now: () => number;
  /** Called when an event comes; must be cheap. */
  readonly stirred: () => void;
  /** Called after each event; must be cheap. */
  readonly handled: () => void;
}

/** Event in, core, effects out: one event after the other. */
export class EventLoop {
  readonly #parts: EventLoopParts;
  readonly #queue: EventQueue<Event>;

  constructor(parts: EventLoopParts) {
    this.#parts = parts;
    this.#queue = new EventQueue((event, next) => this.#handle(event, next));
  }

  get waiting(): number {
    return this.#queue.length;
  }

  push(event: Event): void {
    this.#parts.stirred();
    this.#queue.push(event);
  }

  close(): void {
    this.#queue.close();
    this.#parts.timers.cancelAll();
  }

  *#handle(event: Event, next: Event | undefined): Generator<void, void, void> {
    // Events that queued up during a freeze come first, and nothing may be decided on them as if no time had passed.
    const lateMs = this.#parts.leaseOverrunMs();
    if (lateMs > 0) yield* this.#deliver({ type: 'lease-overrun', lateMs }, event);
    yield* this.#deliver(event, next);
  }

  /** A step an effect, and one at least for each piece of the core's work. */
  *#deliver(event: Event, next: Event | undefined): Generator<void, void, void> {
    const { core, effects, timers, now, handled } = this.#parts;
    if (event.type === 'timer' && !timers.isCurrent(event)) return;
    for (const piece of core.steps(event, now(), next)) {
      for (const effect of piece) {
        effects.carryOut([effect]);
        yield;
      }
      yield;
    }
    handled();
  }
}
