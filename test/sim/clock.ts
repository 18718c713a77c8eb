/** Something planned; `cancelled` ones are passed over. */
export interface Planned {
  readonly atMs: number;
  readonly order: number;
  happen: (() => void) | null;
}

/** Simulated time: a binary heap of what is planned. What is due at the same time happens in the order of planning. */
export class SimulatedClock {
  nowMs = 0;
  readonly #heap: Planned[] = [];
  #nextOrder = 0;

  after(delayMs: number, happen: () => void): Planned {
    const planned = { atMs: this.nowMs + delayMs, order: this.#nextOrder++, happen };
    this.#push(planned);
    return planned;
  }

  cancel(planned: Planned | undefined): void {
    if (planned !== undefined) planned.happen = null;
  }

  /** Lets everything happen that is planned until then; `stop` is asked after each event. */
  runUntil(endMs: number, stop: () => boolean): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= endMs; next = this.#heap[0]) {
      this.#pop();
      const { happen } = next;
      if (happen === null) continue;
      next.happen = null;
      this.nowMs = next.atMs;
      happen();
      if (stop()) return;
    }
    this.nowMs = endMs;
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(planned);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Planned;
      if (!isBefore(planned, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = planned;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && isBefore(heap[right] as Planned, heap[child] as Planned)) child = right;
      if (!isBefore(heap[child] as Planned, last)) break;
      heap[index] = heap[child] as Planned;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
