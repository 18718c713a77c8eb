import { decodeLsa, formatIpv4, type Ipv4, type LsaInstance, MAX_AGE } from 'ospfapi-shim';
import type { TransportEvent } from '../cluster/index.js';
import { EXTERNAL_ROUTE_TAG, type RouterId, routerId } from '../model/index.js';

/** LS types (RFC 2328 appendix A.4.1). */
const ROUTER = 1;
const AS_EXTERNAL = 5;
const HOST_MASK = 0xffff_ffff;
/** MaxLinkMetric (RFC 6987 section 2): with this cost a node withholds an address that its ospfd announces by itself. */
const WITHHOLDING_COST = 0xffff;

/**
 * The host addresses (/32) that each router announces: stub links of its Router LSAs, one for each area (RFC 2328
 * appendix A.4.2), and AS-external LSAs with our tag (appendix A.4.5). Others say only that the address is up where
 * `redistribute connected` is configured: routers prefer the stub link of whoever serves.
 */
export class HostRoutes {
  readonly #byRouter = new Map<RouterId, Announced>();

  sessionBegan(): void {
    this.#byRouter.clear();
  }

  /** Returns whether the router announces other addresses than before, or is new. */
  arrived(lsa: LsaInstance): boolean {
    if (!saysRoutes(lsa)) return false;
    return this.#replace(lsa, lsa.header.age >= MAX_AGE ? NONE : hostAddresses(lsa));
  }

  /** Returns whether the router announces other addresses than before. */
  left(lsa: LsaInstance): boolean {
    return saysRoutes(lsa) && this.#replace(lsa, NONE);
  }

  event(origin: RouterId): TransportEvent {
    return { type: 'routes', origin, addresses: [...(this.#byRouter.get(origin)?.times.keys() ?? [])] };
  }

  #replace(lsa: LsaInstance, addresses: ReadonlySet<string>): boolean {
    const origin = routerId(lsa.header.advertisingRouter);
    const before = this.#byRouter.get(origin);
    const { lsas, times } = before ?? {
      lsas: new Map<string, ReadonlySet<string>>(),
      times: new Map<string, number>(),
    };
    const key = `${lsa.header.type} ${lsa.area ?? ''} ${lsa.header.linkStateId}`;
    const old = lsas.get(key) ?? NONE;
    // Whoever announces other external routes says nothing of what he announces himself: his Router LSA may come later.
    if (addresses === NONE && !lsas.has(key)) return false;
    let changed = false;
    for (const address of addresses) if (!old.has(address)) changed = count(times, address, 1) || changed;
    for (const address of old) if (!addresses.has(address)) changed = count(times, address, -1) || changed;
    if (addresses === NONE) lsas.delete(key);
    else lsas.set(key, addresses);
    if (lsas.size === 0) this.#byRouter.delete(origin);
    else this.#byRouter.set(origin, { lsas, times });
    return changed || (before === undefined && lsas.size > 0);
  }
}

interface Announced {
  /** By the LSA that says it. */
  readonly lsas: Map<string, ReadonlySet<string>>;
  /** How many LSAs say it, by address. */
  readonly times: Map<string, number>;
}

const NONE: ReadonlySet<string> = new Set();

/** Returns whether the address came or went. */
function count(times: Map<string, number>, address: string, by: 1 | -1): boolean {
  const now = (times.get(address) ?? 0) + by;
  if (now === 0) return times.delete(address);
  times.set(address, now);
  return by === 1 && now === 1;
}

/** Whether the LSA can say something of host addresses. */
export function saysRoutes(lsa: LsaInstance): boolean {
  return lsa.header.type === ROUTER || lsa.header.type === AS_EXTERNAL;
}

function hostAddresses({ header, body }: LsaInstance): ReadonlySet<string> {
  const lsa = decodeLsa(header, body);
  if (lsa.kind === 'external') {
    const isOurs = isHost(lsa.mask) && lsa.routes[0]?.tag === EXTERNAL_ROUTE_TAG;
    return isOurs ? new Set([formatIpv4(header.linkStateId)]) : NONE;
  }
  const addresses = new Set<string>();
  if (lsa.kind === 'router') {
    for (const { type, id, data, metric } of lsa.links) {
      if (type === 'stub' && isHost(data) && metric !== WITHHOLDING_COST) addresses.add(formatIpv4(id));
    }
  }
  return addresses;
}

function isHost(mask: Ipv4): boolean {
  return mask === HOST_MASK;
}
