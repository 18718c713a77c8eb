import type { Announcement } from '../cluster/announcement.js';
import type { Subject, TransportEvent } from '../cluster/event.js';
import type { MemoryDaemon } from './in-memory-node.js';
import { DELETE_AFTER_MS } from './outbox.js';
import { subjectKey, subjectOf } from './subject.js';
import type { FloodingScope, Transport } from './transport.js';

/** What a transport in memory needs of its simulated ospfd. */
export interface MemoryOspf {
  attach(daemon: MemoryDaemon): void;
  /** The LSAs of the daemon are flushed. */
  detach(daemon: MemoryDaemon): void;
  newLsaId(subject: Subject): string;
  /** Whether there is a session and a Full neighbour: else ospfd takes nothing (FRR 8.4). */
  isReady(daemon: MemoryDaemon): boolean;
  /** Does nothing without a session. null: deletes. */
  originate(daemon: MemoryDaemon, lsaId: string, announcement: Announcement | null): void;
  after(delayMs: number, callback: () => void): void;
}

/** The transport of one node of an `InMemoryNetwork`. Like the OSPF transport, but without bytes and scopes. */
export class InMemoryTransport implements Transport {
  readonly #ospf: MemoryOspf;
  readonly #daemon: MemoryDaemon;
  readonly #wanted = new Map<string, Wanted>();
  /** Old generations that are to be deleted, by the subject's key. */
  readonly #superseded = new Map<string, Set<string>>();
  #listener: (event: TransportEvent) => void = () => {};
  #session = 0;

  constructor(ospf: MemoryOspf) {
    this.#ospf = ospf;
    this.#daemon = {
      heard: (event) => this.#heard(event),
      flood: () => this.#flood([...this.#wanted.values()]),
      ready: () => this.#flood([...this.#wanted.values()].filter(({ waiting }) => waiting)),
    };
  }

  start(listener: (event: TransportEvent) => void): void {
    this.#listener = listener;
    this.#ospf.attach(this.#daemon);
  }

  announce(announcement: Announcement, urgency: 'change' | 'refresh', _scope: FloodingScope = { link: null }): void {
    const subject = subjectOf(announcement);
    const wanted: Wanted = this.#wanted.get(subjectKey(subject)) ?? newWanted(announcement);
    wanted.announcement = announcement;
    this.#wanted.set(subjectKey(subject), wanted);
    if (urgency === 'refresh' && wanted.lsaId !== null && !wanted.waiting && this.#ospf.isReady(this.#daemon)) {
      this.#ospf.originate(this.#daemon, wanted.lsaId, announcement);
    } else {
      this.#flood([wanted]);
    }
  }

  withdraw(subject: Subject): void {
    const key = subjectKey(subject);
    const lsaId = this.#wanted.get(key)?.lsaId ?? null;
    const superseded = this.#superseded.get(key) ?? new Set();
    const out = [...(lsaId === null ? [] : [lsaId]), ...superseded];
    this.#wanted.delete(key);
    superseded.clear();
    for (const each of out) this.#ospf.originate(this.#daemon, each, null);
  }

  lsaId(subject: Subject): string | undefined {
    return this.#wanted.get(subjectKey(subject))?.lsaId ?? undefined;
  }

  stop(): Promise<void> {
    this.#ospf.detach(this.#daemon);
    return Promise.resolve();
  }

  #heard(event: TransportEvent): void {
    if (event.type === 'disconnected') {
      this.#session++;
      this.#superseded.clear();
      for (const wanted of this.#wanted.values()) wanted.lsaId = null;
    }
    this.#listener(event);
  }

  /** Each under a fresh generation, Daemon announcements last. */
  #flood(announcements: readonly Wanted[]): void {
    const last = announcements.filter(({ announcement }) => announcement.kind === 'daemon');
    const first = announcements.filter(({ announcement }) => announcement.kind !== 'daemon');
    for (const wanted of [...first, ...last]) this.#originate(wanted);
  }

  #originate(wanted: Wanted): void {
    wanted.waiting = !this.#ospf.isReady(this.#daemon);
    if (wanted.waiting) return;
    const subject = subjectOf(wanted.announcement);
    const before = wanted.lsaId;
    wanted.lsaId = this.#ospf.newLsaId(subject);
    this.#ospf.originate(this.#daemon, wanted.lsaId, wanted.announcement);
    if (before !== null) this.#deleteLater(subjectKey(subject), before);
  }

  #deleteLater(key: string, lsaId: string): void {
    const session = this.#session;
    const superseded = this.#superseded.get(key) ?? new Set();
    this.#superseded.set(key, superseded.add(lsaId));
    this.#ospf.after(DELETE_AFTER_MS, () => {
      if (session !== this.#session || !superseded.delete(lsaId)) return;
      if (this.#wanted.get(key)?.lsaId !== lsaId) this.#ospf.originate(this.#daemon, lsaId, null);
    });
  }
}

interface Wanted {
  announcement: Announcement;
  /** The LSA that carries the newest announcement that went out. */
  lsaId: string | null;
  /** `announcement` could not go out yet. */
  waiting: boolean;
}

function newWanted(announcement: Announcement): Wanted {
  return { announcement, lsaId: null, waiting: true };
}
