import type { OspfApiEvent } from './events.js';
import type { Ipv4 } from './ipv4.js';
import { type LsaInstance, MAX_AGE } from './lsa-header.js';
import { compareAge, type LsdbMirror, lsaIdentity, WritableLsdb } from './lsdb.js';
import type { ApiNotification } from './wire/message.js';

export type LsaNotification = Extract<ApiNotification, { readonly kind: 'lsa-update' | 'lsa-delete' }>;

/**
 * Keeps the mirror and tells replacement from withdrawal.
 *
 * When an LSA is replaced, ospfd sends a delete of the old and then an update with the new instance. It queues both within
 * one step, but they may reach us in different segments. So a delete first only marks the LSA; `barrier` is asked for, and
 * what ospfd had queued is here when it resolves. An LSA still marked then is withdrawn. No time limit is involved.
 */
export class LsdbKeeper {
  readonly #mirror = new WritableLsdb();
  readonly #emit: (event: OspfApiEvent) => void;
  /** What `barrier` did for the session that is running. */
  #barrier: (() => Promise<unknown>) | undefined;
  #deleted = new Set<LsaInstance>();
  #waiting = false;
  #comparison: Comparison | undefined;

  constructor(emit: (event: OspfApiEvent) => void) {
    this.#emit = emit;
  }

  get mirror(): LsdbMirror {
    return this.#mirror;
  }

  /** Begins empty. `barrier` resolves when all that ospfd has queued so far was handled, or when the session ends. */
  begin(barrier: () => Promise<unknown>): void {
    this.end();
    this.#barrier = barrier;
  }

  /** Forgets everything, without events. */
  end(): void {
    this.#mirror.clear();
    this.#deleted = new Set();
    this.#barrier = undefined;
    this.#waiting = false;
    this.#comparison = undefined;
  }

  /** `isAnswer`: it is so, as a sync request has found; else it has just happened. */
  handle(notification: LsaNotification, routerId: Ipv4, isAnswer = false): void {
    const lsa = toInstance(notification, routerId);
    if (isAnswer && this.#comparison?.type === lsa.header.type) this.#compare(this.#comparison, lsa);
    else if (notification.kind === 'lsa-delete') this.#handleDelete(lsa);
    else this.#handleUpdate(lsa);
  }

  /** What ospfd answers from now on to a sync request for this LSA type is compared with the mirror. */
  beginComparison(type: number): void {
    this.#comparison = { type, unseen: new Set(this.#mirror.list({ type })), first: new Map(), differences: 0 };
  }

  /** All of the answer is here. What ospfd did not tell of is withdrawn, if it would have been told of. */
  endComparison(): { readonly differences: number; readonly unsure: number } {
    const comparison = this.#comparison;
    this.#comparison = undefined;
    if (comparison === undefined) return { differences: 0, unsure: 0 };
    let unsure = 0;
    for (const lsa of comparison.unseen) {
      if (this.#mirror.get(lsaIdentity(lsa)) !== lsa || this.#deleted.has(lsa)) continue;
      // ospfd goes through its LSDB in this order, and what it loses is all that came before some LSA.
      const first = comparison.first.get(lsa.area);
      if (first === undefined || order(first, lsa) > 0) {
        unsure++;
        continue;
      }
      comparison.differences++;
      this.#withdraw(lsa);
    }
    return { differences: comparison.differences, unsure };
  }

  #compare(comparison: Comparison, lsa: LsaInstance): void {
    const { area, header } = lsa;
    const held = this.#mirror.get(lsaIdentity(lsa));
    if (!comparison.first.has(area)) comparison.first.set(area, lsa);
    if (held !== undefined) comparison.unseen.delete(held);
    // Of our own that is being deleted the mirror keeps the last instance until it is purged.
    if (header.age >= MAX_AGE && (held === undefined || held.own)) return;
    if (held !== undefined && header.age < MAX_AGE && sameInstance(held, lsa) && !this.#deleted.has(held)) return;
    comparison.differences++;
    this.#handleUpdate(lsa);
  }

  #handleUpdate(lsa: LsaInstance): void {
    const previous = this.#mirror.get(lsaIdentity(lsa)) ?? null;
    if (lsa.header.age >= MAX_AGE) {
      // Only in the answer to a sync request: otherwise ospfd does not tell of MaxAge instances.
      this.#mirror.putExpired(lsa);
      if (previous !== null) this.#withdraw(previous);
      return;
    }
    if (previous !== null) this.#deleted.delete(previous);
    this.#mirror.put(lsa);
    if (previous === null || !sameInstance(previous, lsa)) this.#emit({ type: 'lsa', lsa, previous });
  }

  #handleDelete(lsa: LsaInstance): void {
    const identity = lsaIdentity(lsa);
    this.#mirror.removeExpired(identity);
    const held = this.#mirror.get(identity);
    // A MaxAge instance is purged after the withdrawal that it caused; that is no news. Neither is the end of an older one.
    if (held === undefined || compareAge(lsa.header, held.header) < 0) return;
    this.#deleted.add(held);
    if (!this.#waiting) void this.#decide();
  }

  async #decide(): Promise<void> {
    const barrier = this.#barrier;
    if (barrier === undefined) return;
    this.#waiting = true;
    const candidates = [...this.#deleted];
    await barrier();
    if (this.#barrier !== barrier) return;
    this.#waiting = false;
    for (const lsa of candidates) {
      if (this.#deleted.delete(lsa)) this.#withdraw(lsa);
    }
    if (this.#deleted.size > 0 && !this.#waiting) void this.#decide();
  }

  #withdraw(lsa: LsaInstance): void {
    this.#deleted.delete(lsa);
    this.#mirror.remove(lsaIdentity(lsa));
    this.#emit({ type: 'lsa-withdrawn', lsa });
  }
}

interface Comparison {
  readonly type: number;
  /** What the mirror had when it began, and ospfd has not told of yet. */
  readonly unseen: Set<LsaInstance>;
  /** What ospfd told of first, by area. */
  readonly first: Map<Ipv4 | null, LsaInstance>;
  differences: number;
}

/** ospfd's LSDB is a table with the link state ID and the advertising router as its key. */
function order({ header: a }: LsaInstance, { header: b }: LsaInstance): number {
  return a.linkStateId - b.linkStateId || a.advertisingRouter - b.advertisingRouter;
}

function toInstance(notification: LsaNotification, routerId: Ipv4): LsaInstance {
  const { header, body, area, interfaceAddress } = notification;
  return {
    header,
    body,
    area: header.type === 5 || header.type === 11 ? null : area,
    interfaceAddress: header.type === 9 ? interfaceAddress : null,
    own: notification.own || header.advertisingRouter === routerId,
    receivedAt: performance.now(),
  };
}

/** The same instance is told of twice when it arrives while its sync answer is under way. */
function sameInstance(a: LsaInstance, b: LsaInstance): boolean {
  return a.header.sequenceNumber === b.header.sequenceNumber && a.header.checksum === b.header.checksum;
}
