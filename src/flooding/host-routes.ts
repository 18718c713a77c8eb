import { decodeLsa, formatIpv4, type Ipv4, type LsaInstance, MAX_AGE } from 'ospfapi-shim';
import type { TransportEvent } from '../cluster/event.js';
import { type RouterId, routerId } from '../cluster/router-id.js';

const HOST_MASK = 0xffff_ffff;

/**
 * The host addresses (/32) that each router announces: stub links of its Router LSAs, one for each area, and its
 * AS-external LSAs (RFC 2328 appendix A.4.2 and A.4.5).
 */
export class HostRoutes {
  /** By advertising router, then by the LSA that says it. */
  readonly #announced = new Map<RouterId, Map<string, ReadonlySet<string>>>();

  sessionBegan(): void {
    this.#announced.clear();
  }

  arrived(lsa: LsaInstance): TransportEvent[] {
    if (!saysRoutes(lsa)) return [];
    if (lsa.header.age >= MAX_AGE) return this.left(lsa);
    return this.#replace(lsa, hostAddresses(lsa));
  }

  left(lsa: LsaInstance): TransportEvent[] {
    return saysRoutes(lsa) ? this.#replace(lsa, null) : [];
  }

  /** Gives an event if the router announces other addresses than before, and for its first LSA. */
  #replace(lsa: LsaInstance, addresses: ReadonlySet<string> | null): TransportEvent[] {
    const origin = routerId(lsa.header.advertisingRouter);
    const before = this.#announced.get(origin);
    const lsas = before ?? new Map<string, ReadonlySet<string>>();
    const known = union(lsas);
    const key = `${lsa.header.type} ${lsa.area ?? ''} ${lsa.header.linkStateId}`;
    if (addresses === null) lsas.delete(key);
    else lsas.set(key, addresses);
    if (lsas.size === 0) this.#announced.delete(origin);
    else this.#announced.set(origin, lsas);
    const now = union(lsas);
    const same = now.size === known.size && [...now].every((address) => known.has(address));
    return same && before !== undefined ? [] : [{ type: 'routes', origin, addresses: [...now] }];
  }
}

function saysRoutes(lsa: LsaInstance): boolean {
  return lsa.header.type === 1 || lsa.header.type === 5;
}

function hostAddresses(lsa: LsaInstance): ReadonlySet<string> {
  const body = decodeLsa(lsa.header, lsa.body);
  const addresses = new Set<string>();
  if (body.kind === 'router') {
    for (const { type, id, data } of body.links) if (type === 'stub' && isHost(data)) addresses.add(formatIpv4(id));
  } else if (body.kind === 'external' && isHost(body.mask)) {
    addresses.add(formatIpv4(lsa.header.linkStateId));
  }
  return addresses;
}

function isHost(mask: Ipv4): boolean {
  return mask === HOST_MASK;
}

function union(lsas: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const all = new Set<string>();
  for (const addresses of lsas.values()) for (const address of addresses) all.add(address);
  return all;
}
