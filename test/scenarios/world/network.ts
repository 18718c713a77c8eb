import type { Announcement, RouterId, Subject, TransportEvent } from '../../../src/cluster/index.js';
import type { SimulatedClock } from './clock.js';

/** From a change to all nodes that can hear it. */
const FLOOD_MS = 2;
/** BFD 3 x 50 ms, as measured on FRR. */
const DETECTION_MS = 150;
/** From a link that is there again to a full adjacency and a route. */
const ADJACENCY_MS = 1_000;

/** One node's ospfd: its LSDB, whom it reaches, and the daemon that listens to it. */
interface Router {
  readonly id: RouterId;
  readonly name: string;
  up: boolean;
  component: number;
  listener: ((event: TransportEvent) => void) | null;
  readonly lsdb: Map<
    string,
    { readonly origin: RouterId; readonly subject: Subject; readonly announcement: Announcement }
  >;
  reachable: Set<RouterId>;
  /** What its daemon wants announced. */
  readonly desired: Map<string, Announcement>;
}

/** OSPF as a daemon sees it: floods arrive in two milliseconds, a cut is noticed after 150, a healed link takes a second. */
export class Network {
  private readonly routers = new Map<RouterId, Router>();

  constructor(private readonly clock: SimulatedClock) {}

  add(id: RouterId, name: string): void {
    const router: Router = {
      id,
      name,
      up: true,
      component: 0,
      listener: null,
      lsdb: new Map(),
      reachable: new Set(),
      desired: new Map(),
    };
    this.routers.set(id, router);
    this.topologyChanged();
  }

  setUp(id: RouterId, up: boolean): void {
    const router = this.router(id);
    router.up = up;
    if (!up) {
      router.lsdb.clear();
      router.reachable = new Set();
    }
    this.topologyChanged();
  }

  /** Nodes of the same part hear each other; a node that is named in none is alone. */
  partition(parts: readonly (readonly RouterId[])[]): void {
    for (const router of this.routers.values()) router.component = -1 - router.id;
    parts.forEach((part, index) => {
      for (const id of part) this.router(id).component = index;
    });
    this.topologyChanged();
  }

  heal(): void {
    for (const router of this.routers.values()) router.component = 0;
    this.topologyChanged();
  }

  connect(id: RouterId, listener: (event: TransportEvent) => void): void {
    const router = this.router(id);
    router.listener = listener;
    this.tell(router, { type: 'connected', routerId: id });
    for (const { origin, announcement } of router.lsdb.values()) this.deliver(router, origin, announcement);
    this.tell(router, { type: 'neighbours', full: router.reachable.size });
    this.tell(router, { type: 'reachability', added: [...router.reachable], removed: [] });
    this.tell(router, { type: 'synced' });
  }

  /** The daemon is gone: ospfd flushes what it announced. */
  disconnect(id: RouterId): void {
    const router = this.router(id);
    router.listener = null;
    for (const announcement of router.desired.values()) this.withdraw(id, subjectOf(announcement));
    router.desired.clear();
  }

  announce(id: RouterId, announcement: Announcement): void {
    const router = this.router(id);
    router.desired.set(keyOf(id, subjectOf(announcement)), announcement);
    if (router.reachable.size > 0) this.flood(router, announcement);
  }

  withdraw(id: RouterId, subject: Subject): void {
    const router = this.router(id);
    const key = keyOf(id, subject);
    const announcement = router.desired.get(key);
    router.desired.delete(key);
    if (announcement === undefined) return;
    for (const other of this.component(router)) {
      this.clock.after(other === router ? 0 : FLOOD_MS, () => {
        const held = other.lsdb.get(key);
        if (held === undefined || held.announcement.sequence.counter > announcement.sequence.counter) return;
        other.lsdb.delete(key);
        const { sequence } = held.announcement;
        this.tell(other, { type: 'withdrawal', origin: id, lsaId: '222.0.0.0', subject, sequence });
      });
    }
  }

  private flood(router: Router, announcement: Announcement): void {
    for (const other of this.component(router)) {
      this.clock.after(other === router ? 1 : FLOOD_MS, () => this.install(other, router.id, announcement));
    }
  }

  private install(router: Router, origin: RouterId, announcement: Announcement): void {
    const key = keyOf(origin, subjectOf(announcement));
    const held = router.lsdb.get(key)?.announcement.sequence;
    const { sequence } = announcement;
    if (held && (held.epoch - sequence.epoch || held.counter - sequence.counter) >= 0) return;
    router.lsdb.set(key, { origin, subject: subjectOf(announcement), announcement });
    this.deliver(router, origin, announcement);
  }

  private deliver(router: Router, origin: RouterId, announcement: Announcement): void {
    this.tell(router, { type: 'announcement', origin, lsaId: '222.0.0.0', ageSeconds: 1, announcement });
  }

  private topologyChanged(): void {
    for (const router of this.routers.values()) {
      const now = new Set(
        this.component(router)
          .filter((other) => other !== router)
          .map(({ id }) => id),
      );
      const removed = [...router.reachable].filter((id) => !now.has(id));
      const added = [...now].filter((id) => !router.reachable.has(id));
      if (removed.length > 0) this.clock.after(DETECTION_MS, () => this.lose(router, removed));
      if (added.length > 0) this.clock.after(ADJACENCY_MS, () => this.meet(router, added));
    }
  }

  private lose(router: Router, removed: readonly RouterId[]): void {
    const gone = removed.filter((id) => router.reachable.has(id) && !this.hears(router, id));
    if (gone.length === 0) return;
    for (const id of gone) router.reachable.delete(id);
    this.tell(router, { type: 'neighbours', full: router.reachable.size });
    this.tell(router, { type: 'reachability', added: [], removed: gone });
  }

  private meet(router: Router, added: readonly RouterId[]): void {
    const met = added.filter((id) => !router.reachable.has(id) && this.hears(router, id));
    if (met.length === 0) return;
    const wasAlone = router.reachable.size === 0;
    for (const id of met) {
      router.reachable.add(id);
      for (const { origin, announcement } of this.router(id).lsdb.values()) this.install(router, origin, announcement);
    }
    if (wasAlone) {
      const ordered = [...router.desired.values()].sort((a, b) => rank(a) - rank(b));
      for (const announcement of ordered) this.flood(router, announcement);
    }
    this.tell(router, { type: 'neighbours', full: router.reachable.size });
    this.tell(router, { type: 'reachability', added: met, removed: [] });
  }

  private hears(router: Router, id: RouterId): boolean {
    return this.component(router).includes(this.router(id));
  }

  private component(router: Router): Router[] {
    if (!router.up) return [];
    return [...this.routers.values()].filter(({ up, component }) => up && component === router.component);
  }

  private tell(router: Router, event: TransportEvent): void {
    router.listener?.(event);
  }

  private router(id: RouterId): Router {
    const router = this.routers.get(id);
    if (router === undefined) throw new Error(`no router ${id}`);
    return router;
  }
}

function subjectOf(announcement: Announcement): Subject {
  switch (announcement.kind) {
    case 'service':
      return { kind: 'service', service: announcement.definition.name };
    case 'daemon':
      return { kind: 'daemon' };
    case 'command':
      return { kind: 'command', nonce: announcement.nonce };
  }
}

function keyOf(origin: RouterId, subject: Subject): string {
  return `${origin} ${JSON.stringify(subject)}`;
}

/** A node that regains readiness floods its Service LSAs first and its Daemon LSA last. */
function rank(announcement: Announcement): number {
  return announcement.kind === 'daemon' ? 1 : 0;
}
