import { joined, type StatusChange } from './status-change.js';

/** The status as it was told last, as JSON. */
export class StatusBook {
  #last: StatusChange;
  readonly #services: Map<string, string>;
  #length: number;
  #complete: string | undefined;

  constructor(first: StatusChange) {
    this.#last = first;
    this.#services = new Map(first.services);
    this.#length = lengthOf(first.services.values());
  }

  /** About as many characters as `complete` has. */
  get length(): number {
    return this.#length;
  }

  /** Returns what is told of the change. */
  add(change: StatusChange): string {
    const { services, removed } = change;
    this.#last = change;
    this.#complete = undefined;
    for (const [name, json] of services) {
      this.#length += json.length - (this.#services.get(name)?.length ?? 0);
      this.#services.set(name, json);
    }
    for (const name of removed) {
      this.#length -= this.#services.get(name)?.length ?? 0;
      this.#services.delete(name);
    }
    return told(change);
  }

  /** What is told to somebody who knows nothing. */
  complete(): string {
    this.#complete ??= told({ ...this.#last, services: sorted(this.#services), removed: [], complete: true });
    return this.#complete;
  }
}

function told({ head, services, removed, complete, generatedAt }: StatusChange): string {
  return joined(head, services.values(), { removed, complete, generatedAt });
}

function sorted(services: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...services].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function lengthOf(texts: Iterable<string>): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}
