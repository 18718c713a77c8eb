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
  }

  handle(notification: LsaNotification, routerId: Ipv4): void {
    const lsa = toInstance(notification, routerId);
    if (notification.kind === 'lsa-delete') this.#handleDelete(lsa);
    else this.#handleUpdate(lsa);
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
