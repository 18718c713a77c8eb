import type { Announcement } from '../cluster/announcement.js';
import type { RouterId } from '../cluster/router-id.js';

/** One LSA in memory. `instance` is network-wide: of two with the same key the higher one is newer. */
export interface MemoryLsa {
  readonly origin: RouterId;
  readonly lsaId: string;
  readonly instance: number;
  /** null: deleted; the LSA stays as what OSPF calls MaxAge, so that an older instance does not come back. */
  readonly announcement: Announcement | null;
}

/** What one simulated ospfd holds. */
export class MemoryLsdb {
  readonly #lsas = new Map<string, MemoryLsa>();

  /** True if it was newer than what was there; `previous` is then replaced. */
  install(lsa: MemoryLsa): { readonly installed: boolean; readonly previous: MemoryLsa | null } {
    const key = keyOf(lsa);
    const previous = this.#lsas.get(key) ?? null;
    if (previous !== null && previous.instance >= lsa.instance) return { installed: false, previous };
    this.#lsas.set(key, lsa);
    return { installed: true, previous };
  }

  /** Deleted ones too, in the order in which they were first installed. */
  list(): MemoryLsa[] {
    return [...this.#lsas.values()];
  }

  find(origin: RouterId, lsaId: string): MemoryLsa | undefined {
    return this.#lsas.get(keyOf({ origin, lsaId }));
  }

  isNews(lsa: MemoryLsa): boolean {
    return (this.#lsas.get(keyOf(lsa))?.instance ?? -1) < lsa.instance;
  }
}

function keyOf(lsa: { readonly origin: RouterId; readonly lsaId: string }): string {
  return `${lsa.origin}/${lsa.lsaId}`;
}
