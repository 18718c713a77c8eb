import type { RouterId } from '../../../src/model/index.js';
import type { Lsa } from './lsa.js';

/** One end of a link. */
export interface LinkEnd {
  readonly router: Router;
  /** LSAs are exchanged: the neighbour's state is Exchange or greater. */
  exchange: boolean;
  full: boolean;
  /** When the last packet on its way to this end arrives. */
  lastArrivalMs: number;
}

/** A link between two routers and the adjacency over it. */
export interface Link {
  readonly ends: readonly [LinkEnd, LinkEnd];
  /** Packets pass. */
  up: boolean;
  /** Counts adjacencies: what was sent over an earlier one does not arrive. */
  adjacency: number;
  /** Counts cuts and restorations, so that a late detection or Hello of an earlier one is void. */
  change: number;
}

/** What ospfd tells its API client. */
export interface OspfListener {
  lsa(lsa: Lsa): void;
  /** The stub links of a Router LSA. */
  routes(origin: number, addresses: readonly string[]): void;
  reachability(added: readonly number[], removed: readonly number[]): void;
  full(count: number): void;
  closed(): void;
}

/** One ospfd. */
export interface Router {
  readonly index: number;
  readonly id: RouterId;
  readonly name: string;
  up: boolean;
  readonly lsdb: Map<number, { readonly lsa: Lsa; readonly installedMs: number }>;
  readonly links: Link[];
  /** By key: on how many retransmission lists an LSA is. */
  readonly unacknowledged: Map<number, number>;
  /** What SPF last reached. */
  reachable: Set<number>;
  spfPlanned: boolean;
  readonly stubs: Set<string>;
  routerLsaPlanned: boolean;
  routerLsaMs: number;
  listener: OspfListener | null;
}

export function newRouter(index: number, id: RouterId, name: string): Router {
  return {
    index,
    id,
    name,
    up: true,
    lsdb: new Map(),
    links: [],
    unacknowledged: new Map(),
    reachable: new Set(),
    spfPlanned: false,
    stubs: new Set(),
    routerLsaPlanned: false,
    routerLsaMs: Number.NEGATIVE_INFINITY,
    listener: null,
  };
}

export function endOf(link: Link, router: Router): LinkEnd {
  return link.ends[0].router === router ? link.ends[0] : link.ends[1];
}

export function otherEnd(link: Link, router: Router): LinkEnd {
  return link.ends[0].router === router ? link.ends[1] : link.ends[0];
}

export function fullNeighbours(router: Router): number {
  let count = 0;
  for (const link of router.links) if (endOf(link, router).full) count++;
  return count;
}
