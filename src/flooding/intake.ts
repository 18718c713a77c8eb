import type { Ipv4 } from 'ospfapi-shim';
import type { Clock, RunningTimer } from './clock.js';
import { type Bucket, fill, fullBucket, type Limit } from './token-bucket.js';

/**
 * What one router's LSAs may make this node do: as much at once as a node with thousands of services floods when it comes
 * up, then ten times what a node floods for ever (docs/flooding.md).
 */
export const INTAKE_LIMIT: Limit = { burst: 10_000, perSecond: 500 };

/**
 * What is not believed (`trust: require`) costs a look at its proof, a tenth of a millisecond, and nothing behind this. Anybody can
 * flood it in the name of a router, so it does not use up what is taken in of that router itself.
 */
export const REFUSED_LIMIT: Limit = { burst: 10_000, perSecond: 2_500 };

/** Handed on in one turn of the event loop. */
const MOST_IN_A_TURN = 32;
/** When the rest is looked at again, in ms. */
const AGAIN_MS = 1;
/** Routers that are remembered; beyond it those that have no work are forgotten. */
const MOST_ORIGINS = 10_000;

export interface IntakeOptions {
  readonly clock: Clock;
  readonly limit: Limit;
  /** Whether those behind this have enough to do; then everything waits here. */
  readonly isBusy: () => boolean;
  /** How much was not believed until now. */
  readonly refused: () => number;
}

/**
 * What LSAs give this node to do, before it is done. Of one LSA only the newest instance waits, in the place of the first;
 * the routers take turns, so that one which floods without end delays itself and nobody else; and none may take more than
 * its limit. Nothing is dropped: what waits is never more than the LSDB holds.
 *
 * When nothing waits, work is done at once, within `offer`.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #origins = new Map<Ipv4, Origin>();
  /** Those that have work and are within their limit; the first is next. */
  readonly #ready = new Set<Origin>();
  #timer: RunningTimer | null = null;
  #running = false;
  /** What waits of that which came before `whenDone`. */
  #awaited = 0;
  #done: (() => void) | null = null;
  /** Before a session is complete there is nothing to be late for. */
  #limited = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  get waiting(): number {
    let waiting = 0;
    for (const origin of this.#origins.values()) waiting += origin.work.size;
    return waiting;
  }

  /** `work` is done after what came before it of this router, instead of what still waits under the same key. */
  offer(router: Ipv4, key: string, work: () => void): void {
    const origin = this.#origins.get(router) ?? this.#newOrigin(router);
    const waiting = origin.work.get(key);
    if (waiting === undefined) origin.work.set(key, { do: work, isAwaited: false });
    else waiting.do = work;
    if (origin.timer === null) this.#ready.add(origin);
    this.#run();
  }

  has(router: Ipv4): boolean {
    return (this.#origins.get(router)?.work.size ?? 0) > 0;
  }

  cancel(router: Ipv4, key: string): boolean {
    const origin = this.#origins.get(router);
    const waiting = origin?.work.get(key);
    if (origin === undefined || waiting === undefined) return false;
    this.#take(origin, key, waiting);
    return true;
  }

  /** Calls back when everything that was offered until now is done; from then on the limits hold. */
  whenDone(done: () => void): void {
    this.#done = done;
    this.#awaited = 0;
    for (const origin of this.#origins.values()) {
      for (const waiting of origin.work.values()) {
        waiting.isAwaited = true;
        this.#awaited++;
      }
    }
    this.#settle();
  }

  /** Forgets everything that waits. */
  clear(): void {
    for (const { timer } of this.#origins.values()) timer?.cancel();
    this.#origins.clear();
    this.#ready.clear();
    this.#timer?.cancel();
    this.#timer = null;
    this.#done = null;
    this.#awaited = 0;
    this.#limited = false;
  }

  #run(): void {
    if (this.#running || this.#timer !== null) return;
    this.#running = true;
    for (let done = 0; done < MOST_IN_A_TURN && this.#ready.size > 0 && !this.#options.isBusy(); done++) this.#next();
    this.#running = false;
    this.#settle();
    if (this.#ready.size === 0 || this.#timer !== null) return;
    this.#timer = this.#options.clock.setTimer(AGAIN_MS, () => {
      this.#timer = null;
      this.#run();
    });
  }

  #next(): void {
    const [origin] = this.#ready;
    const [first] = origin?.work ?? [];
    if (origin === undefined) return;
    this.#ready.delete(origin);
    if (first === undefined || !this.#mayGo(origin)) return;
    const [key, waiting] = first;
    this.#take(origin, key, waiting);
    if (origin.work.size > 0) this.#ready.add(origin);
    const before = this.#options.refused();
    waiting.do();
    if (this.#limited) (this.#options.refused() > before ? origin.refused : origin.told).tokens--;
  }

  #mayGo(origin: Origin): boolean {
    if (!this.#limited) return true;
    const { clock, limit } = this.#options;
    const now = clock.now();
    const waitMs = Math.max(fill(origin.told, limit, now), fill(origin.refused, REFUSED_LIMIT, now));
    if (waitMs === 0) return true;
    origin.timer = clock.setTimer(waitMs, () => {
      origin.timer = null;
      this.#ready.add(origin);
      this.#run();
    });
    return false;
  }

  #take(origin: Origin, key: string, waiting: Waiting): void {
    origin.work.delete(key);
    if (origin.work.size === 0) this.#ready.delete(origin);
    if (waiting.isAwaited) this.#awaited--;
  }

  #settle(): void {
    const done = this.#done;
    if (done === null || this.#awaited > 0 || this.#running) return;
    this.#done = null;
    this.#limited = true;
    done();
  }

  #newOrigin(router: Ipv4): Origin {
    if (this.#origins.size >= MOST_ORIGINS) this.#forgetIdle();
    const { clock, limit } = this.#options;
    const origin: Origin = {
      work: new Map(),
      told: fullBucket(limit, clock.now()),
      refused: fullBucket(REFUSED_LIMIT, clock.now()),
      timer: null,
    };
    this.#origins.set(router, origin);
    return origin;
  }

  /** Routers come and go for ever. One that has gone on without end is remembered while it has work. */
  #forgetIdle(): void {
    for (const [router, origin] of this.#origins) {
      if (origin.work.size === 0 && origin.timer === null) this.#origins.delete(router);
    }
  }
}

interface Waiting {
  do: () => void;
  isAwaited: boolean;
}

interface Origin {
  readonly work: Map<string, Waiting>;
  readonly told: Bucket;
  readonly refused: Bucket;
  /** Runs while it has used up its limit. */
  timer: RunningTimer | null;
}
