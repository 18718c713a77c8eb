import type { Subject } from '../cluster/index.js';
import type { Clock, RunningTimer } from './clock.js';
import { RecentCount } from './recent-count.js';
import { type Bucket, fill, fullBucket, type Limit, takeToken } from './token-bucket.js';

export interface FloodLimits {
  readonly node: Limit;
  readonly service: Limit;
  readonly daemon: Limit;
}

/**
 * How many changes of Service announcements a node floods. Three for each of 1,000 services at once (a takeover floods
 * starting and started, and perhaps a claim), then 50 a second: what an OSPF domain carries without noticing.
 */
const NODE_LIMIT: Limit = { burst: 3_000, perSecond: 50 };

/**
 * And of one service: more moves in a row than a person commands; then less than the 3.6 a second that its 256 generations
 * allow for ever.
 */
const SERVICE_LIMIT: Limit = { burst: 64, perSecond: 3 };

/**
 * And of the Daemon announcement, which others can ask for and commands change: at most 103 generations of 256 at once, as
 * each is in use for 11 s and rests for 60 s.
 */
const DAEMON_LIMIT: Limit = { burst: 32, perSecond: 1 };

export const FLOOD_LIMITS: FloodLimits = { node: NODE_LIMIT, service: SERVICE_LIMIT, daemon: DAEMON_LIMIT };

/** What the limit is doing to this node's announcements. */
export interface FloodsLimited {
  /** The services of which a change waits for its turn, by name. */
  readonly held: readonly string[];
  /** Changes of the last minute that were not flooded, since a newer one of the same service took their place. */
  readonly mergedLastMinute: number;
}

/** Since the start. */
export interface FloodTotals {
  /** Changes that were flooded. */
  readonly flooded: number;
  /** Changes that were not, since a newer one of the same service took their place. */
  readonly merged: number;
}

/** What `mergedLastMinute` counts, in ms. */
const MERGED_WITHIN_MS = 60_000;

export interface FloodLimitOptions {
  readonly clock: Clock;
  readonly limits: FloodLimits;
  /** What had to wait may go. Never called from within a call of this. */
  readonly free: () => void;
  /** A service changes faster than it may, for the first time since it last changed slowly. */
  readonly limited: (service: string) => void;
}

/**
 * Token buckets, one for the node and one for each service. Who has to wait keeps its place, and only the newest that is
 * wanted of it goes out then.
 */
export class FloodLimit {
  readonly #options: FloodLimitOptions;
  #node: Bucket;
  #daemon: Bucket;
  /** Of those that flooded lately. */
  readonly #services = new Map<string, Bucket>();
  readonly #limited = new Set<string>();
  /** They asked in vain, and have not gone since. */
  readonly #held = new Set<string>();
  readonly #merged: RecentCount;
  readonly #totals = { flooded: 0, merged: 0 };
  #timer: RunningTimer | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(options: FloodLimitOptions) {
    this.#options = options;
    this.#merged = new RecentCount(options.clock, MERGED_WITHIN_MS);
    this.#node = fullBucket(options.limits.node, options.clock.now());
    this.#daemon = fullBucket(options.limits.daemon, options.clock.now());
  }

  /** Whether this change may go out now; then it is counted. Otherwise `free` is called when it is worth asking again. */
  take(subject: Subject): boolean {
    const nowMs = this.#options.clock.now();
    if (subject.kind === 'daemon') return this.#takeDaemon(nowMs);
    if (subject.kind !== 'service') {
      this.#totals.flooded += 1;
      return true;
    }
    const own = this.#services.get(subject.service) ?? fullBucket(this.#options.limits.service, nowMs);
    this.#services.set(subject.service, own);
    const waitMs = Math.max(
      fill(own, this.#options.limits.service, nowMs),
      fill(this.#node, this.#options.limits.node, nowMs),
    );
    if (waitMs > 0) {
      this.#freeAfter(waitMs, nowMs);
      this.#held.add(subject.service);
      if (!this.#limited.has(subject.service)) {
        this.#limited.add(subject.service);
        this.#options.limited(subject.service);
      }
      return false;
    }
    if (own.tokens >= this.#options.limits.service.burst / 2) this.#limited.delete(subject.service);
    own.tokens -= 1;
    this.#node.tokens -= 1;
    this.#held.delete(subject.service);
    this.#totals.flooded += 1;
    return true;
  }

  #takeDaemon(nowMs: number): boolean {
    const waitMs = takeToken(this.#daemon, this.#options.limits.daemon, nowMs);
    if (waitMs > 0) this.#freeAfter(waitMs, nowMs);
    else this.#totals.flooded += 1;
    return waitMs === 0;
  }

  /** A newer change than the one that waits, if one does, is wanted of this. */
  changed(subject: Subject): void {
    if (subject.kind !== 'service' || !this.#held.has(subject.service)) return;
    this.#merged.add();
    this.#totals.merged += 1;
  }

  /** Nothing is wanted of this any more. */
  withdrawn(subject: Subject): void {
    if (subject.kind === 'service') this.#held.delete(subject.service);
  }

  get status(): FloodsLimited {
    return { held: [...this.#held], mergedLastMinute: this.#merged.total };
  }

  get totals(): FloodTotals {
    return { ...this.#totals };
  }

  /** A new session with ospfd: everything wanted goes out, whatever went out before. */
  reset(): void {
    this.stop();
    this.#services.clear();
    this.#limited.clear();
    this.#held.clear();
    this.#node = fullBucket(this.#options.limits.node, this.#options.clock.now());
    this.#daemon = fullBucket(this.#options.limits.daemon, this.#options.clock.now());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  #freeAfter(waitMs: number, nowMs: number): void {
    if (nowMs + waitMs >= this.#timerAtMs) return;
    this.#timer?.cancel();
    this.#timerAtMs = nowMs + waitMs;
    this.#timer = this.#options.clock.setTimer(waitMs, () => {
      this.stop();
      this.#forgetIdle();
      this.#options.free();
    });
  }

  /** Services come and go for ever. */
  #forgetIdle(): void {
    const nowMs = this.#options.clock.now();
    for (const [service, bucket] of this.#services) {
      fill(bucket, this.#options.limits.service, nowMs);
      if (bucket.tokens < this.#options.limits.service.burst) continue;
      this.#services.delete(service);
      this.#limited.delete(service);
    }
  }
}
