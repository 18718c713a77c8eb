import type { Ipv4 } from './ipv4.js';
import type { LsaHeader, LsaInstance } from './lsa-header.js';

/** Which LSAs to list; what is left out does not restrict. */
export interface LsaFilter {
  readonly type?: number;
  /** null: those without an area (AS scope). */
  readonly area?: Ipv4 | null;
  readonly interfaceAddress?: Ipv4 | null;
  readonly linkStateId?: Ipv4;
  readonly advertisingRouter?: Ipv4;
}

/** What identifies an LSA within the LSDB: flooding scope, type, link state ID, advertising router (RFC 2328 12.1). */
export interface LsaIdentity {
  readonly type: number;
  readonly linkStateId: Ipv4;
  readonly advertisingRouter: Ipv4;
  readonly area: Ipv4 | null;
  readonly interfaceAddress: Ipv4 | null;
}

/**
 * A copy of ospfd's LSDB as far as the API shows it. Readers only; the client writes it.
 *
 * An LSA of ours that was deleted stays until ospfd purges it (up to a minute): it is in the LSDB with MaxAge. One of
 * another router goes when its MaxAge instance arrives, although ospfd still holds that for a while.
 */
export interface LsdbMirror {
  readonly size: number;
  get(identity: LsaIdentity): LsaInstance | undefined;
  list(filter?: LsaFilter): LsaInstance[];
  /** The Router LSAs of one router, one for each area it is in. */
  routerLsas(router: Ipv4): LsaInstance[];
  /** LSAs that had MaxAge already when we connected, and have not been purged since. `list` leaves them out. */
  expired(): LsaInstance[];
}

export function lsaIdentity(lsa: LsaInstance): LsaIdentity {
  const { type, linkStateId, advertisingRouter } = lsa.header;
  return { type, linkStateId, advertisingRouter, area: lsa.area, interfaceAddress: lsa.interfaceAddress };
}

/** The mirror with the side that the client writes. */
export class WritableLsdb implements LsdbMirror {
  readonly #byType = new Map<number, Map<string, LsaInstance>>();
  readonly #expired = new Map<string, LsaInstance>();

  get size(): number {
    let size = 0;
    for (const lsas of this.#byType.values()) size += lsas.size;
    return size;
  }

  get(identity: LsaIdentity): LsaInstance | undefined {
    return this.#byType.get(identity.type)?.get(keyOf(identity));
  }

  list(filter: LsaFilter = {}): LsaInstance[] {
    const types = filter.type === undefined ? [...this.#byType.values()] : [this.#byType.get(filter.type)];
    return types.flatMap((lsas) => [...(lsas?.values() ?? [])].filter((lsa) => matches(lsa, filter)));
  }

  routerLsas(router: Ipv4): LsaInstance[] {
    return this.list({ type: 1, advertisingRouter: router });
  }

  expired(): LsaInstance[] {
    return [...this.#expired.values()];
  }

  /** Puts it in the place of an older instance. */
  put(lsa: LsaInstance): void {
    const { type } = lsa.header;
    const lsas = this.#byType.get(type) ?? new Map<string, LsaInstance>();
    const key = keyOf(lsaIdentity(lsa));
    this.#byType.set(type, lsas.set(key, lsa));
    this.#expired.delete(key);
  }

  putExpired(lsa: LsaInstance): void {
    this.#expired.set(keyOf(lsaIdentity(lsa)), lsa);
  }

  remove(identity: LsaIdentity): void {
    this.#byType.get(identity.type)?.delete(keyOf(identity));
  }

  removeExpired(identity: LsaIdentity): void {
    this.#expired.delete(keyOf(identity));
  }

  clear(): void {
    this.#byType.clear();
    this.#expired.clear();
  }
}

/** Negative if a is older than b (RFC 2328 section 13.1, by sequence number alone). */
export function compareAge(a: LsaHeader, b: LsaHeader): number {
  return a.sequenceNumber - b.sequenceNumber;
}

function keyOf({ type, linkStateId, advertisingRouter, area, interfaceAddress }: LsaIdentity): string {
  return `${type} ${linkStateId} ${advertisingRouter} ${area} ${interfaceAddress}`;
}

function matches(lsa: LsaInstance, filter: LsaFilter): boolean {
  return (
    (filter.area === undefined || lsa.area === filter.area) &&
    (filter.interfaceAddress === undefined || lsa.interfaceAddress === filter.interfaceAddress) &&
    (filter.linkStateId === undefined || lsa.header.linkStateId === filter.linkStateId) &&
    (filter.advertisingRouter === undefined || lsa.header.advertisingRouter === filter.advertisingRouter)
  );
}
