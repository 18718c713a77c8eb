/** The most events that may wait. Beyond it the daemon no longer knows the truth and must start again. */
export const MAX_QUEUED_EVENTS = 100_000;

/** Handled in one turn of the event loop, so that sockets and timers get theirs during a flood of events. */
export const EVENTS_PER_TURN = 256;

/** A turn ends after the step in which it became this long: one event may have effects on hundreds of services. */
export const TURN_MS = 10;

/** More events wait than MAX_QUEUED_EVENTS. */
export class QueueOverflowError extends Error {
  override readonly name = 'QueueOverflowError';
}

/**
 * Hands events to one consumer, one at a time and in order. The consumer takes an event in steps, between which other
 * work of this process may come, but no other event. `push` never calls the consumer: a module may push from
 * anywhere, also while an effect of an earlier event is being carried out.
 */
export class EventQueue<E extends object> {
  #waiting: E[] = [];
  /** Index of the next event to handle; those before it are removed when the turn ends. */
  #next = 0;
  #scheduled = false;
  #closed = false;
  /** What is left of the event that is being handled. */
  #steps: Iterator<unknown> | undefined;
  readonly #consume: (event: E, next: E | undefined) => Iterator<unknown>;

  /** `consume` is told which event comes next, if one waits already. */
  constructor(consume: (event: E, next: E | undefined) => Iterator<unknown>) {
    this.#consume = consume;
  }

  get length(): number {
    return this.#waiting.length - this.#next;
  }

  /** Throws a QueueOverflowError when the queue is full. After `close` events are dropped. */
  push(event: E): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MAX_QUEUED_EVENTS) {
      throw new QueueOverflowError(
        `${MAX_QUEUED_EVENTS} events wait to be handled; this node cannot follow the cluster and starts again`,
      );
    }
    this.#waiting.push(event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A microtask adds no latency, yet runs after the caller has left its own code.
    queueMicrotask(() => this.#turn());
  }

  /** Handles no further event, not even those that wait, and no further step. */
  close(): void {
    this.#closed = true;
    this.#steps = undefined;
    this.#waiting = [];
    this.#next = 0;
  }

  #turn(): void {
    const end = performance.now() + TURN_MS;
    for (let handled = 0; handled < EVENTS_PER_TURN; handled++) {
      this.#steps ??= this.#begin();
      if (this.#steps === undefined || !this.#finish(this.#steps, end)) break;
      this.#steps = undefined;
    }
    this.#waiting.splice(0, this.#next);
    this.#next = 0;
    this.#scheduled = this.#waiting.length > 0 || this.#steps !== undefined;
    if (this.#scheduled) setImmediate(() => this.#turn());
  }

  #begin(): Iterator<unknown> | undefined {
    const event = this.#waiting[this.#next];
    if (event === undefined) return undefined;
    this.#next += 1;
    return this.#consume(event, this.#waiting[this.#next]);
  }

  /** Returns false if the time was over before the event was. */
  #finish(steps: Iterator<unknown>, end: number): boolean {
    while (steps.next().done !== true) {
      // Closed by a step: what is left of the event is void.
      if (this.#steps !== steps) return true;
      if (performance.now() >= end) return false;
    }
    return true;
  }
}
