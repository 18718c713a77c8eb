import type { Announcement, RouterId, Sequence, Subject, TransportEvent } from '../../src/cluster/index.js';
import { GenerationSlots } from '../../src/flooding/generations.js';
import { subjectKey, subjectOf } from '../../src/flooding/subject.js';
import type { SimulatedClock } from './clock.js';
import { type Lsa, lsaKey } from './ospf/lsa.js';
import type { OspfNetwork } from './ospf/network.js';
import type { OspfListener, Router } from './ospf/router.js';
import type { Random } from './random.js';

/** An old generation is deleted so long after its successor went out (src/flooding/outbox.ts). */
const DELETE_AFTER_MS = 11_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 30_000;
const DAEMON_SERIES = 256;
const COMMAND_SERIES = 257;
const PLACE = '11';

/** What outlives a daemon: the series of each service and how far its generations were used. */
export interface GenerationRecord {
  readonly numbers: Map<string, number>;
  readonly last: Map<number, number>;
}

export interface TransportSurroundings {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly network: OspfNetwork;
  readonly router: Router;
  readonly generations: GenerationRecord;
  /** Runs something as the daemon's process: never while it is frozen, and not at all once it is dead. */
  readonly inProcess: (happen: () => void) => void;
  readonly emit: (event: TransportEvent) => void;
  /** ospfd will not have announcements of this subject. */
  readonly refuses: (subject: Subject) => boolean;
}

interface Entry {
  readonly subject: Subject;
  wanted: Announcement;
  pending: 'change' | 'refresh' | null;
  /** The link state ID that carries the newest announcement that went out. */
  current: number | null;
  superseded: number[];
  inFlight: boolean;
  withdrawn: boolean;
  repairs: number;
}

function newEntry(subject: Subject, wanted: Announcement): Entry {
  return {
    subject,
    wanted,
    pending: null,
    current: null,
    superseded: [],
    inFlight: false,
    withdrawn: false,
    repairs: 0,
  };
}

/**
 * A daemon's OSPF transport: as src/flooding/ospf-transport.ts, without promises and bytes, on a simulated ospfd. Its
 * generations are the real ones.
 */
export class SimulatedTransport {
  readonly #world: TransportSurroundings;
  readonly #entries = new Map<string, Entry>();
  readonly #slots = new Map<number, GenerationSlots>();
  /** What we have out, by link state ID; of an earlier life's LSAs that are being deleted: null. */
  readonly #own = new Map<number, Entry | null>();
  readonly #carried = new Map<number, { readonly subject: Subject; readonly sequence: Sequence }>();
  #listener: OspfListener | null = null;
  readonly #toldRoutes = new Map<number, string>();
  #session = 0;
  #connected = false;
  #complete = false;
  #full = 0;
  #channelMs = 0;
  #requestMs = 0;
  #retryMs = RETRY_FIRST_MS;
  /** ospfd was not ready; it is asked again later. */
  #waiting = false;

  constructor(world: TransportSurroundings) {
    this.#world = world;
    for (const [series, last] of world.generations.last) {
      this.#slots.set(series, new GenerationSlots(last, world.clock.nowMs, true));
    }
  }

  connect(delayMs: number): void {
    const { clock, inProcess } = this.#world;
    clock.after(delayMs, () => inProcess(() => this.#begin()));
  }

  announce(announcement: Announcement, urgency: 'change' | 'refresh'): void {
    const subject = subjectOf(announcement);
    const key = subjectKey(subject);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = newEntry(subject, announcement);
      this.#entries.set(key, entry);
    }
    entry.wanted = announcement;
    if (urgency === 'change') entry.repairs = 0;
    if (entry.pending !== 'change') entry.pending = urgency;
    this.#pump();
  }

  withdraw(subject: Subject): void {
    const key = subjectKey(subject);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    entry.withdrawn = true;
    if (!entry.inFlight) this.#remove(entry);
    this.#pump();
  }

  /** The process ends. Gives whether ospfd has a session to flush the LSAs of. */
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
    this.#connected = true;
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
    for (const entry of this.#entries.values()) entry.pending = 'change';
    this.#pump();
  }

  #closed(): void {
    this.#session++;
    this.#connected = false;
    this.#complete = false;
    this.#own.clear();
    this.#waiting = false;
    for (const slots of this.#slots.values()) slots.leaveAll(this.#world.clock.nowMs);
    for (const entry of this.#entries.values()) {
      Object.assign(entry, { pending: null, current: null, superseded: [], inFlight: false });
    }
    this.#world.emit({ type: 'disconnected', reason: 'ospfd closed the connection' });
    this.connect(this.#world.random.between(100, 1_000));
  }

  #fullChanged(count: number): void {
    const before = this.#full;
    this.#full = count;
    if (!this.#complete || count === before) return;
    this.#world.emit({ type: 'neighbours', full: count });
    if (count > before) this.#becameReady();
  }

  #reachability(added: readonly number[], removed: readonly number[]): void {
    const { routers } = this.#world.network;
    const ids = (indexes: readonly number[]): RouterId[] =>
      indexes.map((index) => routers[index]?.id).filter((id) => id !== undefined);
    this.#world.emit({ type: 'reachability', added: ids(added), removed: ids(removed) });
  }

  #routes(index: number, addresses: readonly string[]): void {
    const origin = this.#world.network.routers[index]?.id;
    const text = addresses.join();
    if (origin === undefined || this.#toldRoutes.get(index) === text) return;
    this.#toldRoutes.set(index, text);
    this.#world.emit({ type: 'routes', origin, addresses });
  }

  #heard(lsa: Lsa): void {
    const { network, router, clock, emit } = this.#world;
    const origin = network.routers[lsa.origin]?.id;
    if (origin === undefined || lsa.body?.kind === 'router') return;
    const lsaId = `222.${lsa.lsId >>> 16}.${(lsa.lsId >>> 8) & 255}.${lsa.lsId & 255}`;
    if (lsa.body === null) {
      const carried = this.#carried.get(lsa.key);
      this.#carried.delete(lsa.key);
      if (carried !== undefined) emit({ type: 'withdrawal', origin, lsaId, ...carried });
    } else {
      const { announcement } = lsa.body;
      this.#carried.set(lsa.key, { subject: subjectOf(announcement), sequence: announcement.sequence });
      const ageSeconds = Math.floor((clock.nowMs - lsa.bornMs) / 1000);
      emit({ type: 'announcement', origin, lsaId, ageSeconds, announcement });
    }
    if (lsa.origin === router.index) this.#heardOwn(lsa);
  }

  /** src/flooding/own-lsdb.ts: strays of an earlier life are deleted, what was overwritten is flooded anew. */
  #heardOwn(lsa: Lsa): void {
    const slots = this.#slotsOf(lsa.lsId & 0xffff);
    if (lsa.body === null) slots.gone(lsa.lsId >>> 16, PLACE, this.#world.clock.nowMs);
    else slots.seen(lsa.lsId >>> 16, PLACE, this.#world.clock.nowMs);
    const entry = this.#own.get(lsa.lsId);
    if (entry === undefined) {
      if (lsa.body !== null) {
        this.#own.set(lsa.lsId, null);
        this.#later(0.5, () => this.#delete(lsa.lsId));
      }
    } else if (entry !== null && entry.current === lsa.lsId && !isOurs(lsa, entry)) this.#repair(entry);
  }

  #repair(entry: Entry): void {
    const delayMs = Math.min(RETRY_FIRST_MS * 2 ** entry.repairs, RETRY_LONGEST_MS);
    entry.repairs++;
    this.#later(delayMs, () => {
      entry.pending = 'change';
      this.#pump();
    });
  }

  // The outbox: src/flooding/outbox.ts. A request is on its way to ospfd for a moment; what is wanted meanwhile waits.

  #becameReady(): void {
    this.#retryMs = RETRY_FIRST_MS;
    this.#waiting = false;
    this.#pump();
  }

  /** A Daemon announcement goes out only after all waiting Service announcements. */
  #pump(): void {
    if (!this.#complete || !this.#connected || this.#waiting) return;
    let busy = false;
    for (const entry of this.#entries.values()) {
      if (entry.subject.kind === 'daemon') continue;
      this.#send(entry);
      busy ||= entry.inFlight;
    }
    if (busy) return;
    for (const entry of this.#entries.values()) if (entry.subject.kind === 'daemon') this.#send(entry);
  }

  #send(entry: Entry): void {
    const { pending, wanted } = entry;
    if (pending === null || entry.inFlight) return;
    entry.pending = null;
    entry.inFlight = true;
    const { clock, random, inProcess } = this.#world;
    const session = this.#session;
    const atMs = Math.max(this.#requestMs, clock.nowMs + random.between(0.05, 0.6));
    this.#requestMs = atMs;
    clock.after(atMs - clock.nowMs, () => {
      if (session !== this.#session || this.#listener === null || this.#listener !== this.#world.router.listener)
        return;
      const refused = this.#world.refuses(entry.subject);
      const taken = refused || this.#world.network.isReady(this.#world.router);
      if (taken && !refused) this.#originate(entry, wanted, pending);
      clock.after(random.between(0.05, 0.4), () =>
        inProcess(() => {
          if (session !== this.#session) return;
          this.#answered(entry, taken);
          if (refused) this.#world.emit({ type: 'refused', subject: entry.subject, reason: 'no such area' });
        }),
      );
    });
  }

  #answered(entry: Entry, taken: boolean): void {
    entry.inFlight = false;
    if (entry.withdrawn) this.#remove(entry);
    else if (!taken) {
      entry.pending = 'change';
      this.#waitForReadiness();
    }
    this.#pump();
  }

  #waitForReadiness(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    const delayMs = this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_LONGEST_MS);
    this.#later(delayMs, () => {
      if (!this.#waiting) return;
      this.#waiting = false;
      this.#pump();
    });
  }

  #originate(entry: Entry, announcement: Announcement, urgency: 'change' | 'refresh'): void {
    const { network, router, generations } = this.#world;
    const body = { kind: 'opaque', announcement } as const;
    if (urgency === 'refresh' && entry.current !== null) {
      network.originate(router, entry.current, body, true);
      return;
    }
    const series = this.#seriesOf(entry.subject);
    const generation = this.#slotsOf(series).take(this.#world.clock.nowMs);
    if (generation === undefined) {
      if (entry.current !== null) network.originate(router, entry.current, body, true);
      else entry.pending = 'change';
      return;
    }
    generations.last.set(series, generation);
    const lsId = generation * 65_536 + series;
    const before = entry.current;
    entry.current = lsId;
    this.#own.set(lsId, entry);
    if (before !== null) {
      entry.superseded.push(before);
      this.#later(DELETE_AFTER_MS, () => this.#delete(before));
    }
    network.originate(router, lsId, body);
  }

  /** Nothing more is wanted of it: everything of it that is out goes now, the newest first. */
  #remove(entry: Entry): void {
    if (entry.current !== null) this.#delete(entry.current);
    for (const lsId of entry.superseded) this.#delete(lsId);
  }

  #delete(lsId: number): void {
    const { network, router, clock } = this.#world;
    const entry = this.#own.get(lsId);
    if (entry === undefined || !this.#connected || router.listener === null) return;
    this.#own.delete(lsId);
    if (entry !== null) entry.superseded = entry.superseded.filter((other) => other !== lsId);
    this.#slotsOf(lsId & 0xffff).release(lsId >>> 16, clock.nowMs);
    if (router.lsdb.get(lsaKey(router.index, lsId))?.lsa.body != null) network.originate(router, lsId, null);
  }

  /** Only if the session is still the same then. */
  #later(delayMs: number, happen: () => void): void {
    const session = this.#session;
    this.#world.clock.after(delayMs, () =>
      this.#world.inProcess(() => {
        if (session === this.#session) happen();
      }),
    );
  }

  #seriesOf(subject: Subject): number {
    if (subject.kind === 'daemon') return DAEMON_SERIES;
    if (subject.kind === 'command') return COMMAND_SERIES;
    const { numbers } = this.#world.generations;
    const known = numbers.get(subject.service) ?? numbers.size;
    numbers.set(subject.service, known);
    return known;
  }

  #slotsOf(series: number): GenerationSlots {
    let slots = this.#slots.get(series);
    if (slots === undefined) {
      slots = new GenerationSlots(this.#world.random.int(0, 255), this.#world.clock.nowMs, false);
      this.#slots.set(series, slots);
    }
    return slots;
  }
}

function isOurs(lsa: Lsa, entry: Entry): boolean {
  if (lsa.body?.kind !== 'opaque') return false;
  const { sequence } = lsa.body.announcement;
  // An update in place is on its way: an older content of ours comes back first.
  return sequence.epoch === entry.wanted.sequence.epoch && sequence.counter <= entry.wanted.sequence.counter;
}
