import { endOf, type Link, otherEnd, type Router } from './router.js';

/** Which routers are really connected, whatever their LSDBs say: over links that are up, with full adjacencies. */
export class Connectivity {
  readonly #routers: readonly Router[];
  /** By pair of router indexes: when they were last apart; infinity: they are. */
  readonly #apartMs = new Map<number, number>();
  #parts = new Map<Router, number>();

  constructor(routers: readonly Router[]) {
    this.#routers = routers;
  }

  /** A link or an adjacency has changed. */
  changed(nowMs: number): void {
    const before = this.#parts;
    const now = this.#findParts();
    this.#parts = now;
    for (const a of this.#routers) {
      for (const b of this.#routers) {
        if (now.get(a) !== now.get(b)) this.#apartMs.set(pair(a, b), Number.POSITIVE_INFINITY);
        else if (before.get(a) !== before.get(b)) this.#apartMs.set(pair(a, b), nowMs);
      }
    }
  }

  lastApartMs(a: Router, b: Router): number {
    return this.#apartMs.get(pair(a, b)) ?? Number.NEGATIVE_INFINITY;
  }

  #findParts(): Map<Router, number> {
    const parts = new Map<Router, number>();
    for (const root of this.#routers) {
      if (parts.has(root)) continue;
      const open = [root];
      for (const router of open) {
        parts.set(router, root.index);
        for (const link of router.links) {
          const other = otherEnd(link, router).router;
          if (passes(link, router) && !parts.has(other) && !open.includes(other)) open.push(other);
        }
      }
    }
    return parts;
  }
}

function passes(link: Link, router: Router): boolean {
  return link.up && endOf(link, router).full && otherEnd(link, router).full;
}

function pair(a: Router, b: Router): number {
  return a.index * 256 + b.index;
}
