import type { LsaSummary, LsdbChange } from './documents.js';

/** Changes within this time are told together. */
export const COALESCE_MS = 100;

/** In one change; a longer one is told in several, with a turn of the event loop between them. */
const MOST_IN_A_CHANGE = 200;

/** `Lsa`: what is known of an LSA where the onlooker is told. */
export interface SubscriptionOptions<Lsa> {
  readonly listener: (change: LsdbChange) => void;
  readonly head: () => Pick<LsdbChange, 'generatedAt' | 'routerId' | 'notes'>;
  readonly summary: (lsa: Lsa) => LsaSummary;
  /** The onlooker has not taken yet what it was told: it is told more later. */
  readonly isBusy: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** What one onlooker has not been told yet. At most one entry for each LSA, so a slow reader costs no more memory. */
export class Subscription<Lsa> {
  readonly #options: SubscriptionOptions<Lsa>;
  /** null: it is gone. */
  readonly #waiting = new Map<string, Lsa | null>();
  #reset = false;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: SubscriptionOptions<Lsa>) {
    this.#options = options;
  }

  put(id: string, lsa: Lsa | null): void {
    if (this.#closed) return;
    this.#waiting.set(id, lsa);
    this.touch();
  }

  /** From here on these are all. */
  reset(lsas: Iterable<readonly [id: string, lsa: Lsa]>): void {
    if (this.#closed) return;
    this.#reset = true;
    this.#waiting.clear();
    for (const [id, lsa] of lsas) this.#waiting.set(id, lsa);
    this.#cancel?.();
    this.#cancel = nextTurn(() => this.#tell());
  }

  /** What is true of all of them may have changed. */
  touch(): void {
    if (!this.#closed) this.#cancel ??= after(COALESCE_MS, () => this.#tell());
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#waiting.clear();
  }

  /** Whoever looks must never end the daemon that is looked at. */
  #tell(): void {
    try {
      this.#tellNext();
    } catch (error) {
      this.close();
      this.#options.onError(error);
    }
  }

  #tellNext(): void {
    if (this.#options.isBusy()) {
      this.#cancel = after(COALESCE_MS, () => this.#tell());
      return;
    }
    this.#cancel = undefined;
    const upserted: LsaSummary[] = [];
    const removed: string[] = [];
    for (const [id, lsa] of this.#waiting) {
      if (upserted.length + removed.length === MOST_IN_A_CHANGE) break;
      this.#waiting.delete(id);
      if (lsa === null) removed.push(id);
      else upserted.push(this.#options.summary(lsa));
    }
    const reset = this.#reset;
    this.#reset = false;
    if (this.#waiting.size > 0) this.#cancel = nextTurn(() => this.#tell());
    this.#options.listener({ ...this.#options.head(), reset, upserted, removed });
  }
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

function nextTurn(act: () => void): () => void {
  const immediate = setImmediate(act);
  return () => clearImmediate(immediate);
}
