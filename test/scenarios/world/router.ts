import type { TransportEvent } from '../../../src/cluster/index.js';
import type { Announcement, RouterId } from '../../../src/model/index.js';
import { Lsdb } from './lsdb.js';

/** One node's ospfd: its LSDB, whom it reaches, and the daemon that listens to it. */
export interface Router {
  readonly id: RouterId;
  readonly name: string;
  /** Null: it is in every area (an area border router). */
  readonly area: string | null;
  up: boolean;
  component: number;
  listener: ((event: TransportEvent) => void) | null;
  readonly lsdb: Lsdb;
  readonly adjacent: Set<Router>;
  /** What its daemon wants announced. */
  readonly desired: Map<string, Announcement>;
  /** The generation before the present one; its LSA is still there. */
  readonly previous: Map<string, Announcement>;
  /** The addresses on its interfaces, and those of them that its LSAs leave out. */
  readonly addresses: Set<string>;
  readonly withheld: Set<string>;
}

/** A router with empty tables, switched on. */
export function newRouter(name: string, id: RouterId, area: string | null): Router {
  return {
    id,
    name,
    area,
    up: true,
    component: 0,
    listener: null,
    lsdb: new Lsdb(),
    adjacent: new Set(),
    desired: new Map(),
    previous: new Map(),
    addresses: new Set(),
    withheld: new Set(),
  };
}

export function install(router: Router, origin: RouterId, announcement: Announcement): void {
  const event = router.lsdb.install(origin, announcement);
  if (event !== null) tell(router, event);
}

export function learnRoutes(router: Router, other: Router): void {
  const event = router.lsdb.setRoutes(other.id, announcedBy(other));
  if (event !== null) tell(router, event);
}

export function announcedBy(router: Router): string[] {
  return [...router.addresses].filter((address) => !router.withheld.has(address));
}

export function sameArea(a: Router, b: Router): boolean {
  return a.area === null || b.area === null || a.area === b.area;
}

/** SPF never lists the router itself, nor another one with its router ID. */
export function reachableFrom(router: Router): Set<RouterId> {
  return new Set([...router.adjacent].map(({ id }) => id).filter((id) => id !== router.id));
}

export function tell(router: Router, event: TransportEvent): void {
  router.listener?.(event);
}

/** A node that regains readiness floods its Service LSAs first and its Daemon LSA last. */
export function rank(announcement: Announcement): number {
  return announcement.kind === 'daemon' ? 1 : 0;
}
