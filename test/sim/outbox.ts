import type { Subject } from '../../src/cluster/index.js';
import { GenerationSlots } from '../../src/flooding/generations.js';
import { subjectKey, subjectOf } from '../../src/flooding/subject.js';
import type { Announcement, RouterId } from '../../src/model/index.js';
import { type Lsa, lsaKey, type OpaqueBody } from './ospf/lsa.js';
import type { OspfListener } from './ospf/router.js';
import type { TransportSurroundings } from './transport.js';

/** An old generation is deleted so long after its successor went out (src/flooding/outbox.ts). */
const DELETE_AFTER_MS = 11_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 30_000;
export const DAEMON_SERIES = 256;
const COMMAND_SERIES = 257;
const PLACE = '11';

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
 * What a daemon has out and wants out: as src/flooding/outbox.ts. A request is on its way to ospfd for a moment; what is
 * wanted meanwhile waits.
 */
export class SimulatedOutbox {
  readonly #world: TransportSurroundings;
  readonly #entries = new Map<string, Entry>();
  readonly #slots = new Map<number, GenerationSlots>();
  /** What we have out, by link state ID; of an earlier life's LSAs that are being deleted: null. */
  readonly #own = new Map<number, Entry | null>();
  #session = 0;
  /** Null without a session. */
  #listener: OspfListener | null = null;
  /** The LSDB was told completely: only then is known what is out. */
  #complete = false;
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

  opened(listener: OspfListener): void {
    this.#session++;
    this.#listener = listener;
    this.#complete = false;
  }

  /** The LSDB was told completely. */
  synced(): void {
    this.#complete = true;
  }

  announceAll(): void {
    for (const entry of this.#entries.values()) entry.pending = 'change';
    this.#pump();
  }

  /** It asks or answers something else now. */
  floodDaemonAnew(): void {
    const entry = this.#entries.get(subjectKey({ kind: 'daemon' }));
    if (entry === undefined) return;
    entry.pending = 'change';
    this.#pump();
  }

  closed(): void {
    this.#session++;
    this.#listener = null;
    this.#complete = false;
    this.#own.clear();
    this.#waiting = false;
    for (const slots of this.#slots.values()) slots.leaveAll(this.#world.clock.nowMs);
    for (const entry of this.#entries.values()) {
      Object.assign(entry, { pending: null, current: null, superseded: [], inFlight: false });
    }
  }

  /** Another neighbour is Full. */
  becameReady(): void {
    this.#retryMs = RETRY_FIRST_MS;
    this.#waiting = false;
    this.#pump();
  }

  /** A Daemon announcement goes out only after all waiting Service announcements. */
  #pump(): void {
    if (!this.#complete || this.#waiting) return;
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
    const series = this.#seriesOf(entry.subject);
    const body = this.#bodyOf(announcement, series);
    if (urgency === 'refresh' && entry.current !== null) {
      this.#world.proven?.originated(entry.current, body, false);
      network.originate(router, entry.current, body, true);
      return;
    }
    const generation = this.#slotsOf(series).take(this.#world.clock.nowMs);
    if (generation === undefined) {
      if (entry.current === null) entry.pending = 'change';
      else {
        this.#world.proven?.originated(entry.current, body, false);
        network.originate(router, entry.current, body, true);
      }
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
    this.#world.proven?.originated(lsId, body, true);
    network.originate(router, lsId, body);
  }

  #bodyOf(announcement: Announcement, series: number): OpaqueBody {
    const { proven, router, network } = this.#world;
    if (proven === null) return { kind: 'opaque', announcement };
    const isReachable = (node: RouterId) => [...router.reachable].some((index) => network.routers[index]?.id === node);
    return proven.body(announcement, series, isReachable);
  }

  /** src/flooding/own-lsdb.ts: strays of an earlier life are deleted, what was overwritten is flooded anew. */
  heardOwn(lsa: Lsa): void {
    const slots = this.#slotsOf(lsa.lsId & 0xffff);
    if (lsa.body === null) slots.gone(lsa.lsId >>> 16, PLACE, this.#world.clock.nowMs);
    else slots.seen(lsa.lsId >>> 16, PLACE, this.#world.clock.nowMs);
    const entry = this.#own.get(lsa.lsId);
    if (entry === undefined) {
      if (lsa.body !== null) {
        this.#own.set(lsa.lsId, null);
        this.#later(0.5, () => this.#delete(lsa.lsId));
      }
    } else if (entry !== null && entry.current === lsa.lsId && !this.#isOurs(lsa, entry)) this.#repair(entry);
  }

  #isOurs(lsa: Lsa, entry: Entry): boolean {
    return this.#world.proven === null ? isOurs(lsa, entry) : this.#world.proven.isOurs(lsa);
  }

  #repair(entry: Entry): void {
    const delayMs = Math.min(RETRY_FIRST_MS * 2 ** entry.repairs, RETRY_LONGEST_MS);
    entry.repairs++;
    this.#later(delayMs, () => {
      entry.pending = 'change';
      this.#pump();
    });
  }

  /** Nothing more is wanted of it: everything of it that is out goes now, the newest first. */
  #remove(entry: Entry): void {
    if (entry.current !== null) this.#delete(entry.current);
    for (const lsId of entry.superseded) this.#delete(lsId);
  }

  #delete(lsId: number): void {
    const { network, router, clock } = this.#world;
    const entry = this.#own.get(lsId);
    if (entry === undefined || this.#listener === null || router.listener === null) return;
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
