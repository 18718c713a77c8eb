import type { Event, RouterId, Sequence } from '../cluster/index.js';

interface Carrier {
  readonly lsaId: string;
  readonly sequence: Sequence;
}

/** Which LSA carries the newest announcement of each replica, for people who look into ospfd's database. */
export class LsaIds {
  readonly #carriers = new Map<RouterId, Map<string, Carrier>>();

  observe(event: Event): void {
    switch (event.type) {
      case 'connected':
        this.#carriers.clear();
        break;
      case 'announcement': {
        const { announcement, origin, lsaId } = event;
        if (announcement.kind !== 'service') break;
        this.#carried(origin, announcement.definition.name, { lsaId, sequence: announcement.sequence });
        break;
      }
      case 'withdrawal':
        if (event.subject.kind === 'service') this.#withdrawn(event.origin, event.subject.service, event.lsaId);
        break;
      default:
    }
  }

  /** null: none is known. */
  find(origin: RouterId, service: string): string | null {
    return this.#carriers.get(origin)?.get(service)?.lsaId ?? null;
  }

  #carried(origin: RouterId, service: string, carrier: Carrier): void {
    const ofOrigin = this.#carriers.get(origin) ?? new Map<string, Carrier>();
    this.#carriers.set(origin, ofOrigin);
    const known = ofOrigin.get(service);
    if (known === undefined || !isOlder(carrier.sequence, known.sequence)) ofOrigin.set(service, carrier);
  }

  #withdrawn(origin: RouterId, service: string, lsaId: string): void {
    const ofOrigin = this.#carriers.get(origin);
    if (ofOrigin?.get(service)?.lsaId !== lsaId) return;
    ofOrigin.delete(service);
    if (ofOrigin.size === 0) this.#carriers.delete(origin);
  }
}

function isOlder(a: Sequence, b: Sequence): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.counter < b.counter);
}
