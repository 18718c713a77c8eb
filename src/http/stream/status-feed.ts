import type { ClusterStatus, ServiceStatus } from '../../cluster/index.js';

/** The cluster's status in pieces, so that a large cluster can be looked at in several turns of the event loop. */
export interface StatusSource {
  head(): StatusHead;
  serviceNames(): readonly string[];
  /** undefined: it has gone since it was named. */
  service(name: string): ServiceStatus | undefined;
}

export interface StatusHead extends Omit<ClusterStatus, 'services'> {
  /** As in ProcessStatus. */
  readonly ending: readonly string[] | null;
}

/** The `status` event of a stream, as JSON; null: nothing has changed. */
export interface StatusChange {
  readonly delta: string | null;
  /** The whole, made when it is asked for. */
  complete(): string;
}

/** The longest that a look may keep the event loop from other work, in ms. */
export const SLICE_MS = 4;

interface Known {
  readonly status: ServiceStatus;
  readonly json: string;
}

/** Remembers what was told last, and finds out what has changed since. */
export class StatusFeed {
  readonly #source: StatusSource;
  readonly #now: () => number;
  #known = new Map<string, Known>();
  #head = '';
  #generatedAt = '';
  #complete: string | undefined;

  constructor(source: StatusSource, now: () => number = () => performance.now()) {
    this.#source = source;
    this.#now = now;
  }

  /** Looks at everything, a few ms at a time. Must not be called again before it has ended. */
  async look(): Promise<StatusChange> {
    const changed: string[] = [];
    const next = new Map<string, Known>();
    let sliceEnds = this.#now() + SLICE_MS;
    for (const name of this.#source.serviceNames()) {
      if (this.#now() >= sliceEnds) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceEnds = this.#now() + SLICE_MS;
      }
      const status = this.#source.service(name);
      if (status === undefined) continue;
      const before = this.#known.get(name);
      if (before !== undefined && isSame(before.status, status)) {
        next.set(name, before);
        continue;
      }
      const json = JSON.stringify(status);
      next.set(name, { status, json });
      changed.push(json);
    }
    const removed = [...this.#known.keys()].filter((name) => !next.has(name));
    this.#known = next;
    return this.#tell(changed, removed);
  }

  /** The whole as of the last look. */
  complete(): string {
    this.#complete ??= document(this.#head, [...this.#known.values()].map(({ json }) => json).join(), {
      removed: [],
      complete: true,
      generatedAt: this.#generatedAt,
    });
    return this.#complete;
  }

  #tell(changed: readonly string[], removed: readonly string[]): StatusChange {
    const head = JSON.stringify(this.#source.head());
    const isChanged = head !== this.#head || changed.length > 0 || removed.length > 0;
    this.#head = head;
    if (isChanged) {
      this.#generatedAt = new Date().toISOString();
      this.#complete = undefined;
    }
    const rest = { removed, complete: false, generatedAt: this.#generatedAt };
    const delta = isChanged ? document(head, changed.join(), rest) : null;
    return { delta, complete: () => this.complete() };
  }
}

interface Rest {
  readonly removed: readonly string[];
  readonly complete: boolean;
  readonly generatedAt: string;
}

/** Joins JSON texts, so that a service is turned into text once for all listeners. */
function document(head: string, services: string, rest: Rest): string {
  return `${head.slice(0, -1)},"services":[${services}],${JSON.stringify(rest).slice(1)}`;
}

/** Whether two plain values are equal; a status is built in one way, so its keys have one order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a);
  const right: readonly unknown[] = Object.values(b);
  return left.length === right.length && left.every(([, value], index) => isSame(value, right[index]));
}
