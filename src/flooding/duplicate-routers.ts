import { decodeLsa, formatIpv4, type Ipv4, type LsaInstance } from 'ospfapi-shim';
import { type RouterId, routerId } from '../model/index.js';
import type { Clock } from './clock.js';

/** A Router LSA that so many times goes back to what it said before the last one, within this time, is two routers'. */
const RETURNS = 3;
const WITHIN_MS = 60_000;
/** How often it is told while it goes on. */
const AGAIN_MS = 30_000;
/** Routers that are watched; beyond it those that are quiet are forgotten. */
const MOST_ROUTERS = 10_000;

export interface DuplicateRouter {
  readonly router: RouterId;
  /** Of the one and of the other, dotted quads. */
  readonly interfaces: readonly string[];
  /** It was not told of before, or has been over since. */
  readonly isNew: boolean;
}

/**
 * Finds routers that use the same router ID. Each takes the Router LSA of the other for an old one of its own and outdoes
 * it (RFC 2328 section 13.4), so the LSA goes to and fro between the interfaces of the one and of the other, on all
 * routers and on themselves. An interface that flaps comes and goes; it does not take turns with another one.
 */
export class DuplicateRouters {
  readonly #clock: Clock;
  readonly #seen = new Map<string, Seen>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  sessionBegan(): void {
    this.#seen.clear();
  }

  /** Takes in a Router LSA. Returns what is to be told. */
  arrived(lsa: LsaInstance): DuplicateRouter | undefined {
    const nowMs = this.#clock.now();
    const key = `${lsa.header.advertisingRouter} ${lsa.area}`;
    const addresses = interfacesOf(lsa);
    const seen = this.#seen.get(key) ?? this.#watch(key, lsa);
    const [last, before] = [seen.last, seen.before];
    if (same(last, addresses)) return undefined;
    [seen.before, seen.last] = [last, addresses];
    if (!same(before, addresses) || !areExchanged(last, addresses)) return undefined;
    seen.returnedAtMs = [...seen.returnedAtMs, nowMs].slice(-RETURNS);
    const [first = 0] = seen.returnedAtMs;
    if (seen.returnedAtMs.length < RETURNS || first < nowMs - WITHIN_MS || nowMs < seen.toldAtMs + AGAIN_MS)
      return undefined;
    const isNew = nowMs > seen.toldAtMs + 2 * WITHIN_MS;
    seen.toldAtMs = nowMs;
    return { router: routerId(lsa.header.advertisingRouter), interfaces: inWords(last, addresses), isNew };
  }

  /** Those that were told of within the last minute: while it goes on, they are told of again before that is over. */
  current(): { readonly router: RouterId; readonly interfaces: readonly string[] }[] {
    const since = this.#clock.now() - 2 * AGAIN_MS;
    return [...this.#seen.values()]
      .filter(({ toldAtMs }) => toldAtMs > since)
      .map(({ router, last, before }) => ({ router, interfaces: inWords(before, last) }));
  }

  #watch(key: string, lsa: LsaInstance): Seen {
    if (this.#seen.size >= MOST_ROUTERS) this.#forgetQuiet();
    const seen: Seen = {
      router: routerId(lsa.header.advertisingRouter),
      last: new Set(),
      before: new Set(),
      returnedAtMs: [],
      toldAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#seen.set(key, seen);
    return seen;
  }

  #forgetQuiet(): void {
    for (const [key, { returnedAtMs }] of this.#seen) if (returnedAtMs.length === 0) this.#seen.delete(key);
    if (this.#seen.size >= MOST_ROUTERS) this.#seen.clear();
  }
}

interface Seen {
  readonly router: RouterId;
  last: ReadonlySet<Ipv4>;
  before: ReadonlySet<Ipv4>;
  /** The last few times. */
  returnedAtMs: readonly number[];
  toldAtMs: number;
}

/** The router's own addresses on links to others (RFC 2328 appendix A.4.2, Link Data). */
function interfacesOf({ header, body }: LsaInstance): ReadonlySet<Ipv4> {
  const lsa = decodeLsa(header, body);
  if (lsa.kind !== 'router') return new Set();
  return new Set(
    lsa.links.filter(({ type }) => type === 'transit' || type === 'point-to-point').map(({ data }) => data),
  );
}

function same(a: ReadonlySet<Ipv4>, b: ReadonlySet<Ipv4>): boolean {
  return a.size === b.size && [...a].every((address) => b.has(address));
}

/** Each has what the other has not. */
function areExchanged(a: ReadonlySet<Ipv4>, b: ReadonlySet<Ipv4>): boolean {
  return [...a].some((address) => !b.has(address)) && [...b].some((address) => !a.has(address));
}

function inWords(a: ReadonlySet<Ipv4>, b: ReadonlySet<Ipv4>): string[] {
  return [...new Set([...a, ...b])].map(formatIpv4).sort();
}
