import type { RouterId } from '../../../src/model/index.js';
import type { SimulatedClock } from '../clock.js';
import type { Random } from '../random.js';
import { Connectivity } from './connectivity.js';
import { Flooding } from './flooding.js';
import { isNewer, type Lsa, lsaKey, ROUTER_LS_ID } from './lsa.js';
import { MIN_LS_INTERVAL_MS, type OspfParameters, RETRANSMIT_MS } from './parameters.js';
import { endOf, fullNeighbours, type Link, newRouter, otherEnd, type Router } from './router.js';
import { reachableBySpf } from './spf.js';

/**
 * The ospfds of a cluster and the links between them: flooding with delays, losses, retransmissions and minimum arrival
 * times, adjacencies that exchange their LSDBs, Router LSAs, SPF. As measured of FRR (docs/simulator.md).
 */
export class OspfNetwork {
  readonly routers: Router[] = [];
  readonly links: Link[] = [];
  readonly connectivity = new Connectivity(this.routers);
  readonly #clock: SimulatedClock;
  readonly #random: Random;
  readonly #parameters: OspfParameters;
  readonly #flooding: Flooding;
  /** Updates in place that MinLSInterval holds back. */
  readonly #heldBack = new Map<number, NonNullable<Lsa['body']>>();

  constructor(clock: SimulatedClock, random: Random, parameters: OspfParameters) {
    this.#clock = clock;
    this.#random = random;
    this.#parameters = parameters;
    this.#flooding = new Flooding(clock, random, parameters, {
      routesChanged: (router) => this.#planSpf(router),
      receivedOwn: (router, lsa) => this.#receivedOwn(router, lsa),
    });
  }

  addRouter(id: RouterId, name: string): Router {
    const router = newRouter(this.routers.length, id, name);
    this.routers.push(router);
    this.#planRouterLsa(router);
    return router;
  }

  addLink(a: Router, b: Router): Link {
    const link: Link = {
      ends: [
        { router: a, exchange: false, full: false, lastArrivalMs: 0 },
        { router: b, exchange: false, full: false, lastArrivalMs: 0 },
      ],
      up: true,
      adjacency: 0,
      change: 0,
    };
    a.links.push(link);
    b.links.push(link);
    this.links.push(link);
    this.#planHello(link);
    return link;
  }

  setLink(link: Link, up: boolean): void {
    if (link.up === up) return;
    link.up = up;
    link.change++;
    this.connectivity.changed(this.#clock.nowMs);
    if (up) this.#planHello(link);
    else for (const end of link.ends) this.#planDetection(link, end.router);
  }

  /** ospfd dies, or its machine does; or it comes back with an empty LSDB. */
  setUp(router: Router, up: boolean): void {
    if (router.up === up) return;
    router.up = up;
    if (up) {
      this.#planRouterLsa(router);
      for (const link of router.links) this.#planHello(link);
      return;
    }
    router.lsdb.clear();
    router.reachable = new Set();
    router.listener?.closed();
    router.listener = null;
    for (const link of router.links) {
      this.#takeDown(link, router);
      this.#planDetection(link, otherEnd(link, router).router);
    }
  }

  /** From now on no flood is lost, and each hop takes the same time: what goes round never comes before what goes straight. */
  becomeReliable(): void {
    this.#flooding.becomeReliable();
  }

  isReady(router: Router): boolean {
    return router.up && (this.#parameters.alwaysReady || fullNeighbours(router) > 0);
  }

  /** Originates a new instance; null flushes. An LSA that is there already waits for MinLSInterval if told to. */
  originate(router: Router, lsId: number, body: Lsa['body'], holdBack = false): void {
    const key = lsaKey(router.index, lsId);
    const held = router.lsdb.get(key);
    if (holdBack && body !== null && held !== undefined) {
      const waitMs = held.installedMs + MIN_LS_INTERVAL_MS - this.#clock.nowMs;
      if (waitMs > 0) {
        if (!this.#heldBack.has(key)) this.#clock.after(waitMs, () => this.#release(router, key, lsId));
        this.#heldBack.set(key, body);
        return;
      }
    }
    this.#heldBack.delete(key);
    this.#flooding.install(router, {
      key,
      origin: router.index,
      lsId,
      sequence: (held?.lsa.sequence ?? 0) + 1,
      checksum: this.#random.next(),
      body,
      bornMs: this.#clock.nowMs,
    });
  }

  /** Floods an LSA in the name of any router, newer than what this one has; null flushes. OSPF asks nobody whether he may. */
  inject(router: Router, origin: number, lsId: number, body: Lsa['body']): void {
    const key = lsaKey(origin, lsId);
    const sequence = (router.lsdb.get(key)?.lsa.sequence ?? 0) + 1;
    const lsa = { key, origin, lsId, sequence, checksum: this.#random.next(), body, bornMs: this.#clock.nowMs };
    this.#flooding.install(router, lsa);
  }

  /** The API client is gone: ospfd flushes what it had originated. */
  flushOpaque(router: Router): void {
    for (const { lsa } of [...router.lsdb.values()]) {
      if (lsa.origin === router.index && lsa.lsId !== ROUTER_LS_ID && lsa.body !== null) {
        this.originate(router, lsa.lsId, null);
      }
    }
  }

  /** LS refresh: what this router originated comes once more, with the same content. */
  refresh(router: Router): void {
    for (const { lsa } of [...router.lsdb.values()]) {
      if (lsa.origin === router.index && lsa.lsId !== ROUTER_LS_ID && lsa.body !== null) {
        this.originate(router, lsa.lsId, lsa.body);
      }
    }
  }

  /** A Daemon LSA under this router's ID that it has not originated, with a higher epoch than its own. */
  impersonate(router: Router, time: number): void {
    for (const { lsa } of router.lsdb.values()) {
      if (lsa.origin !== router.index || lsa.body?.kind !== 'opaque') continue;
      const { announcement } = lsa.body;
      if (announcement.kind !== 'daemon') continue;
      const sequence = { epoch: announcement.sequence.epoch + 5, counter: 1 };
      const lsId = ((200 + time) << 16) + (lsa.lsId & 0xffff);
      return this.originate(router, lsId, { kind: 'opaque', announcement: { ...announcement, sequence } });
    }
  }

  setStub(router: Router, address: string, present: boolean): void {
    if (router.stubs.has(address) === present) return;
    if (present) router.stubs.add(address);
    else router.stubs.delete(address);
    this.#planRouterLsa(router);
  }

  #release(router: Router, key: number, lsId: number): void {
    const body = this.#heldBack.get(key);
    if (body === undefined) return;
    this.#heldBack.delete(key);
    if (router.up && router.lsdb.get(key)?.lsa.body != null) this.originate(router, lsId, body);
  }

  /** Section 13.4: an instance of our own that is newer than what we have, from an earlier life. */
  #receivedOwn(router: Router, lsa: Lsa): void {
    if (lsa.lsId === ROUTER_LS_ID) this.#originateRouterLsa(router);
    else if (router.listener === null && lsa.body !== null) this.originate(router, lsa.lsId, null);
  }

  // Adjacencies: RFC 2328 section 10.

  #planHello(link: Link): void {
    const { change } = link;
    this.#clock.after(this.#random.between(...this.#parameters.helloMs), () => {
      const [a, b] = link.ends;
      if (link.change !== change || !link.up || !a.router.up || !b.router.up) return;
      if (a.exchange && b.exchange) return;
      this.#takeDown(link, a.router);
      this.#takeDown(link, b.router);
      this.#exchange(link);
    });
  }

  #exchange(link: Link): void {
    link.adjacency++;
    const { adjacency } = link;
    for (const end of link.ends) end.exchange = true;
    for (const end of link.ends) {
      const other = otherEnd(link, end.router).router;
      let lastMs = 2;
      for (const { lsa } of other.lsdb.values()) {
        const there = end.router.lsdb.get(lsa.key)?.lsa;
        if (there !== undefined && !isNewer(lsa, there)) continue;
        const lost = this.#flooding.loses();
        const delayMs = this.#random.between(2, 30) + (lost ? RETRANSMIT_MS : 0);
        lastMs = Math.max(lastMs, delayMs);
        this.#clock.after(delayMs, () => {
          if (link.adjacency !== adjacency || !end.exchange) return;
          const now = other.lsdb.get(lsa.key)?.lsa;
          if (!link.up) this.#flooding.retransmit(link, other, lsa.key);
          else if (now !== undefined) this.#flooding.receive(link, end.router, now, true);
          else if (other.up) this.#exchangeAnew(link);
        });
      }
      this.#clock.after(lastMs + this.#random.between(0, 10), () => {
        if (link.adjacency !== adjacency || !end.exchange) return;
        end.full = true;
        this.connectivity.changed(this.#clock.nowMs);
        this.#neighboursChanged(end.router);
      });
    }
  }

  /** Section 10.7: a neighbour asked for an LSA that it was told of, and that was deleted meanwhile. */
  #exchangeAnew(link: Link): void {
    for (const end of link.ends) this.#takeDown(link, end.router);
    this.#exchange(link);
  }

  #planDetection(link: Link, router: Router): void {
    const { adjacency } = link;
    const other = otherEnd(link, router).router;
    this.#clock.after(this.#random.between(...this.#parameters.detectionMs), () => {
      if (link.adjacency !== adjacency || (link.up && other.up && endOf(link, other).exchange)) return;
      this.#takeDown(link, router);
    });
  }

  #takeDown(link: Link, router: Router): void {
    const end = endOf(link, router);
    const { full } = end;
    end.exchange = false;
    end.full = false;
    if (!full) return;
    this.connectivity.changed(this.#clock.nowMs);
    if (router.up) this.#neighboursChanged(router);
  }

  #neighboursChanged(router: Router): void {
    router.listener?.full(fullNeighbours(router));
    this.#planRouterLsa(router);
  }

  // Router LSAs and routes.

  #planRouterLsa(router: Router): void {
    if (router.routerLsaPlanned) return;
    router.routerLsaPlanned = true;
    const earliestMs = router.routerLsaMs + this.#parameters.routerLsaIntervalMs;
    const delayMs = Math.max(earliestMs - this.#clock.nowMs, this.#random.between(1, 10));
    this.#clock.after(delayMs, () => {
      router.routerLsaPlanned = false;
      if (router.up) this.#originateRouterLsa(router);
    });
  }

  #originateRouterLsa(router: Router): void {
    router.routerLsaMs = this.#clock.nowMs;
    const neighbours: number[] = [];
    for (const link of router.links) {
      if (endOf(link, router).full) neighbours.push(otherEnd(link, router).router.index);
    }
    this.originate(router, ROUTER_LS_ID, { kind: 'router', neighbours, stubs: [...router.stubs] });
  }

  #planSpf(router: Router): void {
    if (router.spfPlanned) return;
    router.spfPlanned = true;
    this.#clock.after(this.#random.between(...this.#parameters.spfMs), () => {
      router.spfPlanned = false;
      if (router.up) this.#runSpf(router);
    });
  }

  #runSpf(router: Router): void {
    const before = router.reachable;
    const now = reachableBySpf(router);
    router.reachable = now;
    const added = [...now].filter((index) => !before.has(index));
    const removed = [...before].filter((index) => !now.has(index));
    if (added.length + removed.length > 0) router.listener?.reachability(added, removed);
  }
}
