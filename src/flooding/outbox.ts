import type { OspfApiReply } from 'ospfapi-shim';
import type { Subject } from '../cluster/index.js';
import type { Announcement } from '../model/index.js';
import { FloodLimit, type FloodsLimited, type FloodTotals } from './flood-limit.js';
import { formatLsaId } from './link-state-id.js';
import { canUpdate, forgetRepairs, isPassing, lsasOf, newEntry, type OutboxEntry, supersede } from './outbox-entry.js';
import type { OutboxOptions } from './outbox-options.js';
import type { OwnLsa } from './own-lsas.js';
import type { Placement } from './placement.js';
import { RETRY_FIRST_MS, RETRY_LONGEST_MS, Retry } from './retry.js';
import { subjectKey, subjectOf } from './subject.js';
import type { FloodingScope } from './transport.js';

/**
 * An old generation is deleted no sooner than this after its successor went out: both the successor and the deletion
 * may need two retransmissions (5 s each) to reach a node, and only then in that order.
 */
export const DELETE_AFTER_MS = 11_000;

/** Requests under way to ospfd at once. */
const MOST_IN_FLIGHT = 64;

/**
 * What this node wants the others to know, and how far that has got. Of each subject it keeps the newest announcement;
 * older ones that have not gone out are skipped. A Daemon LSA goes out only after all waiting Service LSAs, because the
 * others take it as word that they have heard everything.
 *
 * Without a Full neighbour nothing is originated, whether ospfd would take it or not (FRR differs): what is originated
 * before might meet LSAs of an earlier life, still unknown here, under the same link state ID, and would reach the others
 * in any order.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new Map<string, OutboxEntry>();
  /** Not in flight and not waiting for readiness; in order. */
  readonly #queue = new Set<OutboxEntry>();
  readonly #waiting: Retry<OutboxEntry>;
  readonly #limit: FloodLimit;
  #inFlight = 0;
  #open = false;
  #session = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#limit = new FloodLimit({ ...options, free: () => this.#pump() });
    this.#waiting = new Retry(options.clock, (entries) => this.#requeue(entries));
  }

  announce(announcement: Announcement, urgency: 'change' | 'refresh', scope: FloodingScope): void {
    const subject = subjectOf(announcement);
    const key = subjectKey(subject);
    const entry = this.#entries.get(key) ?? newEntry(subject);
    this.#entries.set(key, entry);
    entry.wanted = { announcement, scope };
    if (urgency === 'change') {
      forgetRepairs(entry);
      this.#limit.changed(subject);
    }
    this.#enqueue(entry, urgency);
    this.#pump();
  }

  withdraw(subject: Subject): void {
    const entry = this.#entries.get(subjectKey(subject));
    if (entry === undefined) return;
    entry.wanted = null;
    entry.pending = null;
    this.#limit.withdrawn(subject);
    this.#queue.delete(entry);
    this.#waiting.delete(entry);
    forgetRepairs(entry);
    if (!entry.inFlight) this.#remove(entry);
    this.#pump();
  }

  lsaId(subject: Subject): string | undefined {
    const current = this.#entries.get(subjectKey(subject))?.current;
    return current == null ? undefined : formatLsaId(current.id);
  }

  get floodsLimited(): FloodsLimited {
    return this.#limit.status;
  }

  get floodTotals(): FloodTotals {
    return this.#limit.totals;
  }

  isWanted(subject: Subject): boolean {
    return (this.#entries.get(subjectKey(subject))?.wanted ?? null) !== null;
  }

  /** The LSDB is known: everything wanted is flooded, under fresh generations. */
  sessionBegan(): void {
    this.#open = true;
    this.#limit.reset();
    this.#waiting.succeeded();
    this.floodAnew();
  }

  /** All that is wanted, or what is wanted of this kind, goes out once more. */
  floodAnew(kind?: Subject['kind']): void {
    for (const entry of this.#entries.values()) {
      if (kind === undefined || entry.subject.kind === kind) this.#enqueue(entry, 'change');
    }
    this.#pump();
  }

  /** ospfd flushes by itself what was out. */
  sessionEnded(): void {
    this.close();
    this.#inFlight = 0;
    this.#queue.clear();
    this.#waiting.clear();
    for (const [key, entry] of this.#entries) {
      if (entry.wanted === null) this.#entries.delete(key);
      else Object.assign(entry, { ...newEntry(entry.subject), wanted: entry.wanted });
    }
  }

  /** What is out stays out until it is deleted; nothing more is sent. */
  close(): void {
    this.#open = false;
    this.#session++;
    this.#waiting.stop();
    this.#limit.stop();
    for (const entry of this.#entries.values()) entry.repairTimer?.cancel();
  }

  /** ospfd may take now what it was not ready for. */
  becameReady(): void {
    this.#waiting.succeeded();
    this.#waiting.tryAll();
  }

  /**
   * Our newest LSA of some subject was deleted or overwritten, and not by us: flood anew, at once, but ever later if it
   * goes on, because then another router has our router ID.
   */
  repair(lsa: OwnLsa): void {
    for (const entry of this.#entries.values()) {
      if (entry.current !== lsa || entry.repairTimer !== null) continue;
      const delayMs = entry.repairs === 0 ? 0 : Math.min(RETRY_FIRST_MS * 2 ** (entry.repairs - 1), RETRY_LONGEST_MS);
      entry.repairs++;
      entry.repairTimer = this.#options.clock.setTimer(delayMs, () => {
        entry.repairTimer = null;
        this.#enqueue(entry, 'change');
        this.#pump();
      });
    }
  }

  #enqueue(entry: OutboxEntry, urgency: 'change' | 'refresh'): void {
    if (entry.wanted === null) return;
    entry.pending = entry.pending === 'change' ? 'change' : urgency;
    if (this.#open && !entry.inFlight && !this.#waiting.has(entry)) this.#queue.add(entry);
  }

  #pump(): void {
    if (!this.#open || !this.#options.hasNeighbour()) return;
    for (const entry of this.#queue) {
      if (this.#inFlight >= MOST_IN_FLIGHT) return;
      const mayGo = entry.subject.kind !== 'daemon' && (entry.pending !== 'change' || this.#limit.take(entry.subject));
      if (mayGo) this.#send(entry);
    }
    if (this.#inFlight > 0) return;
    // Left are the Daemon LSA and services that have to wait. It waits for those that came before it.
    for (const entry of this.#queue) {
      if (entry.subject.kind !== 'daemon' || (entry.pending === 'change' && !this.#limit.take(entry.subject))) return;
      this.#send(entry);
    }
  }

  #send(entry: OutboxEntry): void {
    this.#queue.delete(entry);
    if (entry.wanted === null) return;
    const { announcement, scope } = entry.wanted;
    const placed = this.#options.place(announcement, scope);
    switch (placed.result) {
      case 'unknown':
        this.#wait(entry);
        break;
      case 'refused':
        this.#refuse(entry, placed.reason);
        break;
      case 'placed': {
        const body = this.#encode(entry, announcement);
        if (body !== undefined) this.#flood(entry, placed.placement, body);
      }
    }
  }

  #flood(entry: OutboxEntry, placement: Placement, body: Uint8Array): void {
    if (entry.pending === 'refresh' && canUpdate(entry, placement)) this.#update(entry, entry.current, body);
    else this.#originate(entry, placement, body);
  }

  #originate(entry: OutboxEntry, placement: Placement, body: Uint8Array): void {
    const { lsas, series } = this.#options;
    const line = series.seriesOf(entry.subject, (service) => this.isWanted({ kind: 'service', service }));
    if (line === undefined) {
      this.#refuse(entry, 'all 65,280 service numbers of this node are in use');
      return;
    }
    const generation = series.take(line);
    if (generation === undefined) {
      this.#withoutGeneration(entry, placement, body);
      return;
    }
    const [lsa, reply] = lsas.originate({ generation, series: line.number }, placement, body);
    this.#await(entry, lsa, reply);
  }

  #withoutGeneration(entry: OutboxEntry, placement: Placement, body: Uint8Array): void {
    if (canUpdate(entry, placement)) this.#update(entry, entry.current, body);
    else if (entry.subject.kind !== 'command') this.#wait(entry);
    else this.#refuse(entry, 'all 256 command announcements of this node are in use; try again in a minute');
  }

  #update(entry: OutboxEntry, lsa: OwnLsa, body: Uint8Array): void {
    this.#await(entry, lsa, this.#options.lsas.updateInPlace(lsa, body));
  }

  #await(entry: OutboxEntry, lsa: OwnLsa, reply: PromiseLike<OspfApiReply>): void {
    const session = this.#session;
    entry.inFlight = true;
    entry.pending = null;
    this.#inFlight++;
    void reply.then((answer) => {
      if (session !== this.#session) return;
      entry.inFlight = false;
      this.#inFlight--;
      this.#answered(entry, lsa, answer);
      this.#pump();
    });
  }

  #answered(entry: OutboxEntry, lsa: OwnLsa, answer: OspfApiReply): void {
    const fresh = entry.current !== lsa;
    if (answer.ok) {
      this.#waiting.succeeded();
      if (fresh) for (const old of supersede(entry, lsa)) this.#options.lsas.deleteAfter(old, DELETE_AFTER_MS);
    } else if (answer.code === 'timed-out') {
      // It may be out all the same: it goes when its successor is out.
      if (fresh) entry.uncertain.push(lsa);
    } else if (fresh) {
      this.#options.lsas.forget(lsa);
    }
    if (entry.wanted === null) this.#remove(entry);
    else if (isPassing(answer)) this.#wait(entry);
    else if (entry.pending !== null) this.#queue.add(entry);
    else if (!answer.ok && answer.code !== 'disconnected') {
      this.#options.refused(entry.subject, `${answer.code}: ${answer.text}`);
    }
  }

  #wait(entry: OutboxEntry): void {
    entry.pending = 'change';
    this.#waiting.add(entry);
  }

  #requeue(entries: readonly OutboxEntry[]): void {
    for (const entry of entries) this.#queue.add(entry);
    this.#pump();
  }

  #refuse(entry: OutboxEntry, reason: string): void {
    const session = this.#session;
    entry.pending = null;
    this.#options.clock.setTimer(0, () => {
      if (session === this.#session) this.#options.refused(entry.subject, reason);
    });
  }

  #encode(entry: OutboxEntry, announcement: Announcement): Uint8Array | undefined {
    try {
      return this.#options.encode(announcement);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#refuse(entry, error.message);
      return undefined;
    }
  }

  /** Nothing more is wanted of it: everything of it that is out goes now, the newest first. */
  #remove(entry: OutboxEntry): void {
    this.#entries.delete(subjectKey(entry.subject));
    for (const lsa of lsasOf(entry)) void this.#options.lsas.delete(lsa);
  }
}
