import { type LsaSummary, type LsdbChange, Subscription } from '../../lsdb/index.js';

/** OSPF's MaxAge, in seconds (RFC 2328, appendix B). */
const MAX_AGE = 3600;

interface Received {
  readonly summary: LsaSummary;
  readonly atMs: number;
}

/** The list of LSAs for all who watch it here, from one watch on the daemon: many streams cost the daemon no more than one. */
export class LsdbMirror {
  readonly #watch: (tell: (change: LsdbChange) => void) => () => void;
  readonly #onError: (error: unknown) => void;
  readonly #lsas = new Map<string, Received>();
  readonly #subscriptions = new Set<Subscription<Received>>();
  #routerId: string | null = null;
  #notes: readonly string[] = [];
  #unwatch: (() => void) | undefined;

  constructor(watch: (tell: (change: LsdbChange) => void) => () => void, onError: (error: unknown) => void) {
    this.#watch = watch;
    this.#onError = onError;
  }

  /** As LsdbView says. */
  subscribe(listener: (change: LsdbChange) => void, isBusy: () => boolean = () => false): () => void {
    const subscription = new Subscription<Received>({
      listener,
      isBusy,
      head: () => ({ generatedAt: new Date().toISOString(), routerId: this.#routerId, notes: this.#notes }),
      summary: ofNow,
      onError: this.#onError,
    });
    this.#subscriptions.add(subscription);
    // Of the first the watch tells everything, from a reset on.
    if (this.#unwatch === undefined) this.#unwatch = this.#watch((change) => this.#take(change));
    else subscription.reset(this.#lsas);
    return () => {
      subscription.close();
      this.#subscriptions.delete(subscription);
      if (this.#subscriptions.size > 0) return;
      this.#unwatch?.();
      this.#unwatch = undefined;
      this.#lsas.clear();
    };
  }

  #take({ routerId, notes, reset, upserted, removed }: LsdbChange): void {
    this.#routerId = routerId;
    this.#notes = notes;
    if (reset) this.#lsas.clear();
    const atMs = performance.now();
    for (const summary of upserted) this.#lsas.set(summary.id, { summary, atMs });
    for (const id of removed) this.#lsas.delete(id);
    for (const subscription of this.#subscriptions) {
      if (reset) subscription.reset(this.#lsas);
      else {
        subscription.touch();
        for (const id of [...upserted.map((lsa) => lsa.id), ...removed])
          subscription.put(id, this.#lsas.get(id) ?? null);
      }
    }
  }
}

/** It has grown older since it was told. */
function ofNow({ summary, atMs }: Received): LsaSummary {
  const seconds = Math.floor((performance.now() - atMs) / 1000);
  return { ...summary, age: Math.min(MAX_AGE, summary.age + seconds) };
}
