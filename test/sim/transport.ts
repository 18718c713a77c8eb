import type { Subject, TransportEvent } from '../../src/cluster/index.js';
import type { SeriesRecord } from '../../src/flooding/generation-store.js';
import { DAEMON_SERIES } from '../../src/flooding/link-state-id.js';
import { type Carried, isGone, subjectOf } from '../../src/flooding/subject.js';
import type { Announcement, RouterId } from '../../src/model/index.js';
import type { SimulatedClock } from './clock.js';
import type { Lsa } from './ospf/lsa.js';
import type { OspfNetwork } from './ospf/network.js';
import type { OspfListener, Router } from './ospf/router.js';
import { SimulatedOutbox } from './outbox.js';
import type { ProvenWords } from './proven-words.js';
import type { Random } from './random.js';

export interface TransportSurroundings {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly network: OspfNetwork;
  readonly router: Router;
  /** What outlives the daemon. */
  readonly disk: { generations: readonly SeriesRecord[] };
  /** Runs something as the daemon's process: never while it is frozen, and not at all once it is dead. */
  readonly inProcess: (happen: () => void) => void;
  readonly emit: (event: TransportEvent) => void;
  /** ospfd will not have announcements of this subject. */
  readonly refuses: (subject: Subject) => boolean;
  /** null: everybody is believed. */
  readonly proven: ProvenWords | null;
}

/**
 * A daemon's OSPF transport: as src/flooding/ospf-transport.ts, on a simulated ospfd. Its outbox and its
 * generations are the real ones; what it hears needs no bytes.
 */
export class SimulatedTransport {
  readonly #world: TransportSurroundings;
  readonly #outbox: SimulatedOutbox;
  readonly #carried = new Map<number, Carried>();
  #listener: OspfListener | null = null;
  readonly #toldRoutes = new Map<number, string>();
  #session = 0;
  #complete = false;
  #full = 0;
  #channelMs = 0;

  constructor(world: TransportSurroundings) {
    this.#world = world;
    this.#outbox = new SimulatedOutbox(world, () => this.#full > 0);
    world.proven?.listen({
      speak: () => this.#outbox.floodDaemonAnew(),
      lookAgain: (origin) => this.#lookAgain(origin),
    });
  }

  connect(delayMs: number): void {
    const { clock, inProcess } = this.#world;
    clock.after(delayMs, () => inProcess(() => this.#begin()));
  }

  announce(announcement: Announcement, urgency: 'change' | 'refresh'): void {
    this.#outbox.announce(announcement, urgency);
  }

  withdraw(subject: Subject): void {
    this.#outbox.withdraw(subject);
  }

  /** The process ends. Returns whether ospfd has a session to flush the LSAs of. */
  disconnect(): boolean {
    const { router } = this.#world;
    if (this.#listener === null || router.listener !== this.#listener) return false;
    router.listener = null;
    return true;
  }

  // The session: what ospfd tells comes in order, and only when the process runs.

  #begin(): void {
    const { router, random } = this.#world;
    if (!router.up || router.listener !== null) return this.connect(random.between(500, 1_500));
    const session = ++this.#session;
    this.#complete = false;
    this.#full = 0;
    this.#carried.clear();
    this.#toldRoutes.clear();
    const through = (happen: () => void): void => {
      const at = Math.max(this.#channelMs, this.#world.clock.nowMs + random.between(0.1, 1.5));
      this.#channelMs = at;
      this.#world.clock.after(at - this.#world.clock.nowMs, () =>
        this.#world.inProcess(() => {
          if (this.#session === session) happen();
        }),
      );
    };
    this.#listener = router.listener = {
      lsa: (lsa) => through(() => this.#heard(lsa)),
      routes: (origin, addresses) => through(() => this.#routes(origin, addresses)),
      reachability: (added, removed) => through(() => this.#reachability(added, removed)),
      full: (count) => through(() => this.#fullChanged(count)),
      closed: () => through(() => this.#closed()),
    };
    this.#outbox.opened(this.#listener);
    this.#world.proven?.sessionBegan();
    through(() => this.#world.emit({ type: 'connected', routerId: router.id }));
    const { reachable } = router;
    if (reachable.size > 0) router.listener.reachability([...reachable], []);
    for (const { lsa } of router.lsdb.values()) {
      if (lsa.body?.kind === 'router') router.listener.routes(lsa.origin, lsa.body.stubs);
      else if (lsa.body !== null) router.listener.lsa(lsa);
    }
    this.#full = router.links.filter(({ ends }) => ends.some((end) => end.router === router && end.full)).length;
    this.#channelMs += random.between(0, 30);
    through(() => this.#synced());
  }

  #synced(): void {
    this.#complete = true;
    this.#world.emit({ type: 'neighbours', full: this.#full });
    this.#world.emit({ type: 'synced' });
    this.#outbox.synced();
  }

  #closed(): void {
    this.#session++;
    this.#complete = false;
    this.#outbox.closed();
    this.#world.proven?.sessionEnded();
    this.#world.emit({ type: 'disconnected', reason: 'ospfd closed the connection' });
    this.connect(this.#world.random.between(100, 1_000));
  }

  #fullChanged(count: number): void {
    const before = this.#full;
    this.#full = count;
    if (!this.#complete || count === before) return;
    this.#world.emit({ type: 'neighbours', full: count });
    if (count > before) this.#outbox.becameReady();
  }

  #reachability(added: readonly number[], removed: readonly number[]): void {
    const { routers } = this.#world.network;
    const ids = (indexes: readonly number[]): RouterId[] =>
      indexes.map((index) => routers[index]?.id).filter((id) => id !== undefined);
    this.#world.emit({ type: 'reachability', added: ids(added), removed: ids(removed) });
    this.#world.proven?.reached(ids(added));
  }

  #routes(index: number, addresses: readonly string[]): void {
    const origin = this.#world.network.routers[index]?.id;
    const text = addresses.join();
    if (origin === undefined || this.#toldRoutes.get(index) === text) return;
    this.#toldRoutes.set(index, text);
    this.#world.emit({ type: 'routes', origin, addresses });
  }

  #heard(lsa: Lsa): void {
    const { network, router, clock, emit, proven } = this.#world;
    const origin = network.routers[lsa.origin]?.id;
    if (origin === undefined || lsa.body?.kind === 'router') return;
    if (proven !== null) {
      for (const event of proven.heard(lsa)) emit(event);
      if (lsa.origin === router.index) this.#outbox.heardOwn(lsa);
      return;
    }
    const lsaId = `222.${lsa.lsId >>> 16}.${(lsa.lsId >>> 8) & 255}.${lsa.lsId & 255}`;
    const before = this.#carried.get(lsa.key);
    if (lsa.body === null) {
      this.#carried.delete(lsa.key);
      if (before !== undefined) emit({ type: 'withdrawal', origin, lsaId, ...before });
    } else {
      const { announcement } = lsa.body;
      const carried = { subject: subjectOf(announcement), sequence: announcement.sequence };
      this.#carried.set(lsa.key, carried);
      if (before !== undefined && isGone(before, carried)) emit({ type: 'withdrawal', origin, lsaId, ...before });
      const ageSeconds = Math.floor((clock.nowMs - lsa.bornMs) / 1000);
      emit({ type: 'announcement', origin, lsaId, ageSeconds, announcement });
    }
    if (lsa.origin === router.index) this.#outbox.heardOwn(lsa);
  }

  /** src/flooding/daemon-last.ts: the Daemon announcement says that everything has been heard. */
  #lookAgain(origin: RouterId): void {
    const { clock, inProcess, network, router } = this.#world;
    const session = this.#session;
    clock.after(0.1, () =>
      inProcess(() => {
        if (session !== this.#session) return;
        const lsas = [...router.lsdb.values()].flatMap(({ lsa }) =>
          network.routers[lsa.origin]?.id === origin && lsa.body?.kind === 'opaque' ? [lsa] : [],
        );
        const isDaemon = (lsa: Lsa) => (lsa.lsId & 0xffff) === DAEMON_SERIES;
        for (const lsa of lsas) if (!isDaemon(lsa)) this.#heard(lsa);
        for (const lsa of lsas) if (isDaemon(lsa)) this.#heard(lsa);
      }),
    );
  }
}
