import type { RouterId } from '../cluster/router-id.js';

/** Which routers there are, which of them run, and which links join them. */
export class MemoryTopology {
  readonly #running = new Map<RouterId, boolean>();
  readonly #links = new Map<string, boolean>();

  add(router: RouterId, linkedTo: readonly RouterId[]): void {
    if (this.#running.has(router)) throw new RangeError(`router ${router} is in this network already`);
    this.#running.set(router, true);
    for (const other of linkedTo) this.#links.set(linkKey(router, other), true);
  }

  routers(): RouterId[] {
    return [...this.#running.keys()];
  }

  setRunning(router: RouterId, running: boolean): void {
    this.#running.set(router, running);
  }

  isRunning(router: RouterId): boolean {
    return this.#running.get(router) === true;
  }

  areJoined(a: RouterId, b: RouterId): boolean {
    return this.isRunning(a) && this.isRunning(b) && this.#links.get(linkKey(a, b)) === true;
  }

  /** Throws a RangeError if there is no such link. */
  setLink(a: RouterId, b: RouterId, up: boolean): void {
    const key = linkKey(a, b);
    if (!this.#links.has(key)) throw new RangeError(`no link joins ${a} and ${b}`);
    this.#links.set(key, up);
  }

  /** All links, as pairs. */
  links(): (readonly [RouterId, RouterId])[] {
    const routers = this.routers();
    return routers.flatMap((a) =>
      routers.filter((b) => a < b && this.#links.has(linkKey(a, b))).map((b) => [a, b] as const),
    );
  }

  /** The running routers at the other end of links that are up; none for a router that does not run. */
  neighbours(router: RouterId): RouterId[] {
    return this.routers().filter((other) => this.areJoined(router, other));
  }

  /** All routers that can be reached over any number of links, without the router itself. */
  reachable(router: RouterId): Set<RouterId> {
    const met = new Set([router]);
    for (const next of met) {
      for (const neighbour of this.neighbours(next)) met.add(neighbour);
    }
    met.delete(router);
    return met;
  }
}

function linkKey(a: RouterId, b: RouterId): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}
