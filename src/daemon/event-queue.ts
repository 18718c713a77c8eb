/** The most events that may wait. Beyond it the daemon no longer knows the truth and must start again. */
export const MAX_QUEUED_EVENTS = 100_000;

/** Handled in one turn of the event loop, so that sockets and timers get theirs during a flood of events. */
export const EVENTS_PER_TURN = 256;

/** More events wait than MAX_QUEUED_EVENTS. */
export class QueueOverflowError extends Error {
  override readonly name = 'QueueOverflowError';
}

/**
 * Hands events to one consumer, one at a time and in order. `push` never calls the consumer: a module may push from
 * anywhere, also while an effect of an earlier event is being carried out.
 */
export class EventQueue<E extends object> {
  #waiting: E[] = [];
  /** Index of the next event to handle; those before it are removed when the turn ends. */
  #next = 0;
  #scheduled = false;
  #closed = false;
  readonly #consume: (event: E) => void;

  constructor(consume: (event: E) => void) {
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

  /** Handles no further event, not even those that wait. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#next = 0;
  }

  #turn(): void {
    for (let handled = 0; handled < EVENTS_PER_TURN; handled++) {
      const event = this.#waiting[this.#next];
      if (event === undefined) break;
      this.#next += 1;
      this.#consume(event);
    }
    this.#waiting.splice(0, this.#next);
    this.#next = 0;
    this.#scheduled = this.#waiting.length > 0;
    if (this.#scheduled) setImmediate(() => this.#turn());
  }
}
