import type { Announcement } from '../cluster/announcement.js';
import { formatRouterId, type RouterId } from '../cluster/router-id.js';
import { InMemoryTransport } from './in-memory.js';
import { type MemoryLsa, MemoryLsdb } from './in-memory-lsdb.js';
import { type MemoryDaemon, MemoryNode } from './in-memory-node.js';
import { MemoryTopology } from './in-memory-topology.js';

/** Something that is on its way to a router, and arrives when the caller says so. */
export interface Delivery {
  readonly to: RouterId;
  /** For transcripts. */
  readonly text: string;
}

/**
 * Several nodes in one process, joined by simulated OSPF. Nothing happens by itself: whatever is on its way waits in
 * `pending` until `step` delivers it, in any order that the caller chooses, and time passes only in `advance`. The same
 * calls give the same events. For tests and simulations.
 *
 * As in OSPF: an LSA is flooded from neighbour to neighbour; a router that is joined again learns what it missed; LSAs
 * of an unreachable router stay; a daemon that goes away has its LSAs flushed by its ospfd.
 */
export class InMemoryNetwork {
  readonly #topology = new MemoryTopology();
  readonly #nodes = new Map<RouterId, MemoryNode>();
  readonly #pending: (Delivery & { readonly deliver: () => void })[] = [];
  /** LSA instances on their way, so that a router is not sent the same one by each of its neighbours. */
  readonly #onTheirWay = new Set<string>();
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  #nowMs = 0;
  #instances = 0;

  /** Simulated time in ms. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** What is on its way, oldest first. */
  get pending(): readonly Delivery[] {
    return this.#pending;
  }

  /** Adds a router, by default with a link to every other one. Returns the transport of its node. */
  addNode(router: RouterId, linkedTo?: readonly RouterId[]): InMemoryTransport {
    this.addRouter(router, linkedTo);
    return this.transport(router);
  }

  /** Adds a router without a node of ours. Throws a RangeError if it is there already. */
  addRouter(router: RouterId, linkedTo: readonly RouterId[] = this.#topology.routers()): void {
    this.#topology.add(router, linkedTo);
    this.#nodes.set(router, new MemoryNode(router));
    this.#changed();
  }

  /** A new transport for this router, as a daemon has that was just started. Only one may be started at a time. */
  transport(router: RouterId): InMemoryTransport {
    const node = this.#node(router);
    return new InMemoryTransport({
      attach: (daemon) => this.#attach(node, daemon),
      detach: (daemon) => this.#detach(node, daemon),
      newLsaId: (subject) => node.nextLsaId(subject),
      isReady: (daemon) => node.daemon === daemon && node.inSession && this.#topology.neighbours(router).length > 0,
      originate: (daemon, lsaId, announcement) => {
        if (node.daemon === daemon && node.inSession) this.#originate(node, lsaId, announcement);
      },
      after: (delayMs, callback) => this.#timers.push({ atMs: this.#nowMs + delayMs, callback }),
    });
  }

  /** Throws a RangeError if no link joins the two. */
  cut(a: RouterId, b: RouterId): void {
    this.#topology.setLink(a, b, false);
    this.#changed();
  }

  heal(a: RouterId, b: RouterId): void {
    this.#topology.setLink(a, b, true);
    this.#changed();
  }

  /** Cuts every link of this router. */
  isolate(router: RouterId): void {
    this.#setLinks((a, b) => (a === router || b === router ? false : null));
  }

  /** Cuts every link between routers of different groups and heals those within one. Who is in no group is alone. */
  partition(...groups: readonly (readonly RouterId[])[]): void {
    this.#setLinks((a, b) => groups.some((group) => group.includes(a) && group.includes(b)));
  }

  healAll(): void {
    this.#setLinks(() => true);
  }

  /** ospfd dies: its node loses the session, the others lose the router, and its LSDB is gone. */
  killOspfd(router: RouterId): void {
    const node = this.#node(router);
    this.#topology.setRunning(router, false);
    node.lsdb = new MemoryLsdb();
    node.out.clear();
    const session = ++node.session;
    this.#send(router, 'disconnected', () => {
      if (node.session === session) node.endSession('ospfd went away');
    });
    this.#changed();
  }

  startOspfd(router: RouterId): void {
    this.#topology.setRunning(router, true);
    this.#beginSession(this.#node(router));
    this.#changed();
  }

  /** The daemon dies without a word: it hears nothing any more, and its ospfd flushes its LSAs. */
  killDaemon(router: RouterId): void {
    const node = this.#node(router);
    if (node.daemon !== null) this.#detach(node, node.daemon);
  }

  /** Delivers one of `pending`; false if there is none with this index. */
  step(index = 0): boolean {
    const [next] = this.#pending.splice(index, 1);
    next?.deliver();
    return next !== undefined;
  }

  /** Delivers everything, oldest first, with all that follows. Throws an Error if that does not end. */
  settle(limit = 100_000): void {
    for (let count = 0; this.step(); count++) {
      if (count >= limit) throw new Error(`the network did not come to rest within ${limit} deliveries`);
    }
  }

  /** Lets time pass. What falls due in it begins its way; nothing is delivered. */
  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { callback } of due) callback();
  }

  #attach(node: MemoryNode, daemon: MemoryDaemon): void {
    if (node.daemon !== null) throw new Error(`${formatRouterId(node.router)} has a running daemon already`);
    node.daemon = daemon;
    if (this.#topology.isRunning(node.router)) this.#beginSession(node);
  }

  #detach(node: MemoryNode, daemon: MemoryDaemon): void {
    if (node.daemon !== daemon) return;
    node.daemon = null;
    node.session++;
    node.inSession = false;
    for (const lsaId of [...node.out]) this.#originate(node, lsaId, null);
  }

  #beginSession(node: MemoryNode): void {
    const session = ++node.session;
    this.#send(node.router, 'connected', () => {
      if (node.session !== session || node.daemon === null) return;
      node.beginSession(this.#topology.reachable(node.router), this.#topology.neighbours(node.router).length);
    });
  }

  #originate(node: MemoryNode, lsaId: string, announcement: Announcement | null): void {
    const lsa: MemoryLsa = { origin: node.router, lsaId, instance: ++this.#instances, announcement };
    const { previous } = node.lsdb.install(lsa);
    if (announcement === null) node.out.delete(lsaId);
    else node.out.add(lsaId);
    this.#send(node.router, `echo of ${describe(lsa)}`, () => {
      if (node.lsdb.find(node.router, lsaId)?.instance === lsa.instance) node.tell(lsa, previous);
    });
    this.#flood(node, lsa);
  }

  /** RFC 2328 section 13.3: to every neighbour that does not have it and is not just being sent it. */
  #flood(node: MemoryNode, lsa: MemoryLsa): void {
    for (const neighbour of this.#topology.neighbours(node.router)) this.#transmit(lsa, node.router, neighbour);
  }

  #transmit(lsa: MemoryLsa, from: RouterId, to: RouterId): void {
    const way = `${lsa.instance}>${to}`;
    const target = this.#node(to);
    if (!target.lsdb.isNews(lsa) || this.#onTheirWay.has(way)) return;
    this.#onTheirWay.add(way);
    this.#send(to, describe(lsa), () => {
      this.#onTheirWay.delete(way);
      if (this.#topology.areJoined(from, to)) this.#receive(target, lsa);
      else this.#transmitFromAnother(lsa, to);
    });
  }

  /** The link went down in between: another neighbour relied on this delivery, and now sends the LSA itself. */
  #transmitFromAnother(lsa: MemoryLsa, to: RouterId): void {
    for (const neighbour of this.#topology.neighbours(to)) {
      if (!this.#node(neighbour).lsdb.isNews(lsa)) this.#transmit(lsa, neighbour, to);
    }
  }

  #receive(node: MemoryNode, lsa: MemoryLsa): void {
    const { installed, previous } = node.lsdb.install(lsa);
    if (!installed) return;
    node.tell(lsa, previous);
    this.#flood(node, lsa);
    const fromAnEarlierLife = lsa.origin === node.router && lsa.announcement !== null && !node.out.has(lsa.lsaId);
    if (fromAnEarlierLife) this.#originate(node, lsa.lsaId, null);
  }

  /** `decide` says whether the link is up; null: as it was. */
  #setLinks(decide: (a: RouterId, b: RouterId) => boolean | null): void {
    for (const [a, b] of this.#topology.links()) {
      const up = decide(a, b);
      if (up !== null) this.#topology.setLink(a, b, up);
    }
    this.#changed();
  }

  /** Neighbours and reachability are told, and new neighbours exchange their LSDBs (RFC 2328 section 10.8). */
  #changed(): void {
    const routers = this.#topology.routers();
    for (const router of routers) {
      const node = this.#node(router);
      if (node.daemon !== null) this.#send(router, 'topology', () => this.#tellTopology(node));
    }
    for (const from of routers) {
      const { lsdb } = this.#node(from);
      for (const to of this.#topology.neighbours(from)) {
        for (const lsa of lsdb.list()) this.#transmit(lsa, from, to);
      }
    }
  }

  #tellTopology(node: MemoryNode): void {
    if (!this.#topology.isRunning(node.router)) return;
    node.tellTopology(this.#topology.reachable(node.router), this.#topology.neighbours(node.router).length);
  }

  #send(to: RouterId, text: string, deliver: () => void): void {
    this.#pending.push({ to, text, deliver });
  }

  #node(router: RouterId): MemoryNode {
    const node = this.#nodes.get(router);
    if (node === undefined) throw new RangeError(`there is no router ${formatRouterId(router)} in this network`);
    return node;
  }
}

function describe(lsa: MemoryLsa): string {
  const what = lsa.announcement === null ? 'deletion' : lsa.announcement.kind;
  return `${what} ${lsa.lsaId} of ${formatRouterId(lsa.origin)}`;
}
