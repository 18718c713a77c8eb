import type { SimulatedClock } from '../clock.js';
import type { Random } from '../random.js';
import { isNewer, type Lsa } from './lsa.js';
import { type OspfParameters, RETRANSMIT_MS } from './parameters.js';
import { endOf, type Link, otherEnd, type Router } from './router.js';

export interface FloodingListener {
  /** A Router LSA was installed. */
  routesChanged(router: Router): void;
  /** An instance of its own that is newer than what it has came to the router. */
  receivedOwn(router: Router, lsa: Lsa): void;
}

/** How LSAs get from one LSDB into the next: RFC 2328 section 13. */
export class Flooding {
  readonly #clock: SimulatedClock;
  readonly #random: Random;
  readonly #listener: FloodingListener;
  #parameters: OspfParameters;

  constructor(clock: SimulatedClock, random: Random, parameters: OspfParameters, listener: FloodingListener) {
    this.#clock = clock;
    this.#random = random;
    this.#parameters = parameters;
    this.#listener = listener;
  }

  /** From now on no flood is lost, and each hop takes the same time: what goes round never comes before what goes straight. */
  becomeReliable(): void {
    const { hopMs } = this.#parameters;
    this.#parameters = { ...this.#parameters, loss: 0, hopMs: [hopMs[0], hopMs[0]] };
  }

  /** Whether the next flood over a link is lost. */
  loses(): boolean {
    return this.#random.chance(this.#parameters.loss);
  }

  install(router: Router, lsa: Lsa): void {
    router.lsdb.set(lsa.key, { lsa, installedMs: this.#clock.nowMs });
    if (lsa.body?.kind === 'router') {
      this.#listener.routesChanged(router);
      router.listener?.routes(lsa.origin, lsa.body.stubs);
    } else router.listener?.lsa(lsa);
    if (lsa.body === null) this.#planRemoval(router, lsa);
    for (const link of router.links) if (endOf(link, router).exchange) this.#send(link, router, lsa.key);
  }

  #send(link: Link, from: Router, key: number): void {
    const to = otherEnd(link, from).router;
    const sent = from.lsdb.get(key)?.lsa;
    const there = to.lsdb.get(key)?.lsa;
    if (sent === undefined) return;
    if (there !== undefined && !isNewer(sent, there)) {
      // What the neighbour holds already it would only acknowledge.
      if (isNewer(there, sent)) this.#sendBack(link, to, key);
      return;
    }
    this.#carry(link, from, sent, from);
  }

  /**
   * Section 13, step 8: who has a newer instance sends that back, and does not acknowledge the older one. Its sender sends it
   * again until the newer one has come: that may have been deleted meanwhile.
   */
  #sendBack(link: Link, holder: Router, key: number): void {
    const held = holder.lsdb.get(key)?.lsa;
    if (held !== undefined) this.#carry(link, holder, held, otherEnd(link, holder).router);
  }

  /** `again`: who retransmits what it has then, if this is lost. */
  #carry(link: Link, from: Router, sent: Lsa, again: Router): void {
    const { key } = sent;
    if (this.loses()) return this.retransmit(link, again, key);
    const { adjacency } = link;
    const { hopMs } = this.#parameters;
    // Packets over one link stay in order.
    const end = otherEnd(link, from);
    const atMs = Math.max(end.lastArrivalMs, this.#clock.nowMs + this.#random.between(hopMs[0], hopMs[1]));
    end.lastArrivalMs = atMs;
    this.#clock.after(atMs - this.#clock.nowMs, () => {
      if (link.adjacency !== adjacency || !end.exchange) return;
      if (!link.up) this.retransmit(link, again, key);
      else this.receive(link, end.router, sent, false);
    });
  }

  /** After RxmtInterval the neighbour is sent what is in the LSDB then: an instance in between never reaches it. */
  retransmit(link: Link, from: Router, key: number): void {
    const { adjacency } = link;
    const { unacknowledged } = from;
    unacknowledged.set(key, (unacknowledged.get(key) ?? 0) + 1);
    this.#clock.after(RETRANSMIT_MS, () => {
      const left = (unacknowledged.get(key) ?? 0) - 1;
      if (left > 0) unacknowledged.set(key, left);
      else unacknowledged.delete(key);
      const end = otherEnd(link, from);
      const lsa = from.lsdb.get(key)?.lsa;
      if (link.adjacency !== adjacency || lsa === undefined || !end.exchange) return;
      if (!link.up) this.retransmit(link, from, key);
      else this.receive(link, end.router, lsa, false);
    });
  }

  receive(link: Link, router: Router, lsa: Lsa, requested: boolean): void {
    const held = router.lsdb.get(lsa.key);
    if (held !== undefined) {
      if (isNewer(held.lsa, lsa)) return this.#sendBack(link, router, lsa.key);
      if (held.lsa === lsa) return;
      const ageMs = this.#clock.nowMs - held.installedMs;
      if (!requested && ageMs < this.#parameters.minArrivalMs && held.lsa.origin !== router.index) {
        return this.retransmit(link, otherEnd(link, router).router, lsa.key);
      }
    } else if (lsa.body === null && !isExchanging(router)) return;
    this.install(router, lsa);
    if (lsa.origin === router.index) this.#listener.receivedOwn(router, lsa);
  }

  /** Section 14: not while a neighbour has not acknowledged it, or exchanges its LSDB. */
  #planRemoval(router: Router, lsa: Lsa): void {
    this.#clock.after(this.#parameters.maxAgeMs, () => {
      if (router.lsdb.get(lsa.key)?.lsa !== lsa) return;
      if (isExchanging(router) || router.unacknowledged.has(lsa.key)) this.#planRemoval(router, lsa);
      else router.lsdb.delete(lsa.key);
    });
  }
}

function isExchanging(router: Router): boolean {
  return router.links.some((link) => {
    const end = endOf(link, router);
    return end.exchange && !end.full;
  });
}
