import type { Subject, TransportEvent } from '../../../src/cluster/index.js';
import type { Announcement, RouterId } from '../../../src/model/index.js';
import type { SimulatedClock } from './clock.js';
import { subjectOf } from './lsdb.js';
import {
  announcedBy,
  install,
  learnRoutes,
  newRouter,
  type Router,
  rank,
  reachableFrom,
  sameArea,
  tell,
} from './router.js';

/** From a change to all nodes that can hear it. */
const FLOOD_MS = 2;
/** From a change to the own ospfd's LSDB. */
const ECHO_MS = 1;
/** BFD 3 x 50 ms, as measured on FRR. */
const DETECTION_MS = 150;
/** From a link that is there again to a full adjacency and a route. */
const ADJACENCY_MS = 1_000;
/** From an address on an interface to the router's own LSA that announces it. */
const ROUTE_MS = 5;

/** OSPF as a daemon sees it: floods arrive in two milliseconds, a cut is noticed after 150, a healed link takes a second. */
export class Network {
  private readonly routers = new Map<string, Router>();
  /** Floods that are held back, by `from to`. */
  private readonly held = new Map<string, Announcement[]>();

  constructor(private readonly clock: SimulatedClock) {}

  add(name: string, id: RouterId, area: string | null): void {
    const router = newRouter(name, id, area);
    this.routers.set(name, router);
    router.lsdb.setRoutes(id, []);
    this.topologyChanged();
  }

  setUp(name: string, up: boolean): void {
    const router = this.router(name);
    router.up = up;
    if (!up) {
      router.lsdb.clear();
      router.adjacent.clear();
      router.addresses.clear();
    }
    router.lsdb.setRoutes(router.id, announcedBy(router));
    this.topologyChanged();
  }

  /** `clear ip ospf process`: ospfd empties its LSDB, and its session with the daemon goes on. The neighbours are met again. */
  clear(name: string): void {
    const router = this.router(name);
    const removed = [...reachableFrom(router)];
    router.adjacent.clear();
    tell(router, { type: 'neighbours', full: 0 });
    tell(router, { type: 'reachability', added: [], removed });
    for (const other of this.routers.values()) for (const event of router.lsdb.removeAll(other.id)) tell(router, event);
    for (const other of this.component(router)) {
      if (other === router) continue;
      for (const event of other.lsdb.removeAll(router.id)) this.clock.after(FLOOD_MS, () => tell(other, event));
      this.clock.after(FLOOD_MS, () => this.cutOff(other, router));
    }
    router.lsdb.setRoutes(router.id, announcedBy(router));
    this.topologyChanged();
  }

  /** Nodes of the same part hear each other; a node that is named in none is alone. */
  partition(parts: readonly (readonly string[])[]): void {
    [...this.routers.values()].forEach((router, index) => {
      router.component = -1 - index;
    });
    parts.forEach((part, index) => {
      for (const name of part) this.router(name).component = index;
    });
    this.topologyChanged();
  }

  heal(): void {
    for (const router of this.routers.values()) router.component = 0;
    this.topologyChanged();
  }

  connect(name: string, listener: (event: TransportEvent) => void): void {
    const router = this.router(name);
    router.listener = listener;
    tell(router, { type: 'connected', routerId: router.id });
    for (const event of router.lsdb.content()) tell(router, event);
    tell(router, { type: 'neighbours', full: router.adjacent.size });
    tell(router, { type: 'reachability', added: [...reachableFrom(router)], removed: [] });
    tell(router, { type: 'synced' });
  }

  /** The daemon is gone: ospfd flushes what it announced. */
  disconnect(name: string): void {
    const router = this.router(name);
    router.listener = null;
    for (const announcement of router.desired.values()) this.withdraw(name, subjectOf(announcement));
    router.desired.clear();
  }

  announce(name: string, announcement: Announcement): void {
    const router = this.router(name);
    const key = JSON.stringify(subjectOf(announcement));
    const before = router.desired.get(key);
    if (before !== undefined) router.previous.set(key, before);
    router.desired.set(key, announcement);
    if (router.adjacent.size > 0) this.flood(router, announcement);
  }

  withdraw(name: string, subject: Subject): void {
    const router = this.router(name);
    const announcement = router.desired.get(JSON.stringify(subject));
    router.desired.delete(JSON.stringify(subject));
    if (announcement === undefined) return;
    this.dropHeld(router, subject);
    this.deleteEverywhere(router, subject, announcement);
  }

  /** What the node wants the others to know of a service; undefined: nothing. */
  announced(name: string, service: string): Announcement | undefined {
    return this.router(name).desired.get(JSON.stringify({ kind: 'service', service }));
  }

  /** The LSA of the generation before the present one is deleted, as it is some time after each change. */
  deletePrevious(name: string, service: string): void {
    const router = this.router(name);
    const subject = { kind: 'service', service } as const;
    const announcement = router.previous.get(JSON.stringify(subject));
    if (announcement !== undefined) this.deleteEverywhere(router, subject, announcement);
  }

  /** Somebody deletes the LSA of its present announcement, everywhere but at the node itself. */
  deletePresent(name: string, service: string): void {
    const router = this.router(name);
    const subject = { kind: 'service', service } as const;
    const announcement = router.desired.get(JSON.stringify(subject));
    if (announcement !== undefined) this.deleteEverywhere(router, subject, announcement, [router]);
  }

  /** A router that is gone has been gone for an hour: its LSAs reach MaxAge everywhere else. */
  ageOut(name: string): void {
    const gone = this.router(name);
    for (const other of this.routers.values()) {
      if (other !== gone) for (const event of other.lsdb.removeAll(gone.id)) tell(other, event);
    }
  }

  /** Floods from one node to another wait until they are delivered. */
  hold(from: string, to: string): void {
    this.held.set(`${this.router(from).name} ${this.router(to).name}`, []);
  }

  /** `kind`: only announcements of this kind; the others go on waiting. */
  deliver(from: string, to: string, kind?: Announcement['kind']): void {
    const held = this.held.get(`${from} ${to}`) ?? [];
    const waiting = held.filter((announcement) => kind === undefined || announcement.kind === kind);
    if (kind === undefined) this.held.delete(`${from} ${to}`);
    else
      this.held.set(
        `${from} ${to}`,
        held.filter((announcement) => announcement.kind !== kind),
      );
    for (const announcement of waiting) install(this.router(to), this.router(from).id, announcement);
  }

  addAddress(name: string, address: string): void {
    const router = this.router(name);
    router.addresses.add(address);
    this.clock.after(ROUTE_MS, () => this.announceRoutes(router));
  }

  removeAddress(name: string, address: string): void {
    const router = this.router(name);
    router.addresses.delete(address);
    this.clock.after(ROUTE_MS, () => this.announceRoutes(router));
  }

  /** The router has the address, but does not announce it: somebody took the `network` line away. */
  withhold(name: string, address: string, withheld: boolean): void {
    const router = this.router(name);
    if (withheld) router.withheld.add(address);
    else router.withheld.delete(address);
    this.announceRoutes(router);
  }

  /** OSPF retransmits nothing that was deleted since. */
  private dropHeld(router: Router, subject: Subject): void {
    const key = JSON.stringify(subject);
    for (const [link, waiting] of this.held) {
      if (!link.startsWith(`${router.name} `)) continue;
      this.held.set(
        link,
        waiting.filter((announcement) => JSON.stringify(subjectOf(announcement)) !== key),
      );
    }
  }

  private deleteEverywhere(
    router: Router,
    subject: Subject,
    announcement: Announcement,
    but: readonly Router[] = [],
  ): void {
    const { sequence } = announcement;
    for (const other of this.component(router)) {
      if (but.includes(other)) continue;
      this.clock.after(other === router ? ECHO_MS : FLOOD_MS, () => {
        const event = other.lsdb.remove(router.id, subject, sequence);
        if (event !== null) tell(other, event);
      });
    }
  }

  private flood(router: Router, announcement: Announcement): void {
    for (const other of this.component(router)) {
      const waiting = this.held.get(`${router.name} ${other.name}`);
      if (waiting !== undefined) waiting.push(announcement);
      else this.clock.after(other === router ? ECHO_MS : FLOOD_MS, () => install(other, router.id, announcement));
    }
  }

  private announceRoutes(router: Router): void {
    for (const other of this.component(router)) {
      if (!sameArea(router, other)) continue;
      this.clock.after(other === router ? 0 : FLOOD_MS, () => learnRoutes(other, router));
    }
  }

  private topologyChanged(): void {
    for (const router of this.routers.values()) {
      const now = new Set(this.neighbours(router));
      const removed = [...router.adjacent].filter((other) => !now.has(other));
      const added = [...now].filter((other) => !router.adjacent.has(other));
      if (removed.length > 0) this.clock.after(DETECTION_MS, () => this.lose(router, removed));
      if (added.length > 0) this.clock.after(ADJACENCY_MS, () => this.meet(router, added));
    }
  }

  private lose(router: Router, removed: readonly Router[]): void {
    const gone = removed.filter((other) => router.adjacent.has(other) && !this.neighbours(router).includes(other));
    if (gone.length === 0) return;
    const before = reachableFrom(router);
    for (const other of gone) router.adjacent.delete(other);
    const after = reachableFrom(router);
    tell(router, { type: 'neighbours', full: router.adjacent.size });
    tell(router, { type: 'reachability', added: [], removed: [...before].filter((id) => !after.has(id)) });
  }

  private cutOff(router: Router, other: Router): void {
    if (!router.adjacent.delete(other)) return;
    tell(router, { type: 'neighbours', full: router.adjacent.size });
    tell(router, { type: 'reachability', added: [], removed: [other.id] });
    this.topologyChanged();
  }

  private meet(router: Router, added: readonly Router[]): void {
    const met = added.filter((other) => !router.adjacent.has(other) && this.neighbours(router).includes(other));
    if (met.length === 0) return;
    const wasAlone = router.adjacent.size === 0;
    const before = reachableFrom(router);
    for (const other of met) {
      router.adjacent.add(other);
      for (const { origin, announcement } of other.lsdb.announcements()) install(router, origin, announcement);
      for (const known of this.component(router)) {
        if (sameArea(known, router)) learnRoutes(router, known);
      }
    }
    if (wasAlone) {
      const ordered = [...router.desired.values()].sort((a, b) => rank(a) - rank(b));
      for (const announcement of ordered) this.flood(router, announcement);
    }
    const reached = [...reachableFrom(router)].filter((id) => !before.has(id));
    tell(router, { type: 'neighbours', full: router.adjacent.size });
    tell(router, { type: 'reachability', added: reached, removed: [] });
  }

  private neighbours(router: Router): Router[] {
    return this.component(router).filter((other) => other !== router && sameArea(router, other));
  }

  private component(router: Router): Router[] {
    if (!router.up) return [];
    return [...this.routers.values()].filter(({ up, component }) => up && component === router.component);
  }

  private router(name: string): Router {
    const router = this.routers.get(name);
    if (router === undefined) throw new Error(`no router ${name}`);
    return router;
  }
}
