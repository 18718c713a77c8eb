import { Random } from '../sim/random.js';
import { mutate } from './mutate.js';
import type { Target } from './target.js';

/** What one body may take, in ms. */
export const LIMIT_MS = 1;
/** The machine does other things too, and the engine compiles: what took longer is read again, so often at most. */
const MOST_REPEATS = 200;
/** Bytes with outcomes of their own that are mutated further. */
const MOST_KEPT = 2_000;

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** Before each run, with what will be read: a run that hangs says nothing afterwards. */
  readonly begins?: (target: Target, bytes: Uint8Array) => void;
  readonly mostFailures?: number;
  /** Default LIMIT_MS. */
  readonly limitMs?: number;
}

export interface Finding {
  readonly target: string;
  readonly bytes: Uint8Array;
  readonly why: string;
}

export interface FuzzResult {
  readonly runs: number;
  readonly failures: readonly Finding[];
  /** By target. */
  readonly slowest: ReadonlyMap<string, { readonly ms: number; readonly bytes: Uint8Array }>;
  /** By target: how many outcomes were told apart. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/** Reads mutated bytes again and again. The same seed reads the same bytes. */
export function fuzz(targets: readonly Target[], options: FuzzOptions): FuzzResult {
  const { runs, seed, begins, mostFailures = 10, limitMs = LIMIT_MS } = options;
  const random = new Random(seed, 7);
  const all = targets.map((target) => new Fuzzed(target, limitMs));
  const turns = all.flatMap((fuzzed) => Array.from({ length: fuzzed.target.share }, () => fuzzed));
  const failures: Finding[] = [];
  let run = 0;
  for (; run < runs && failures.length < mostFailures; run++) {
    const fuzzed = random.pick(turns);
    const bytes = fuzzed.next(random);
    begins?.(fuzzed.target, bytes);
    const why = fuzzed.read(bytes);
    if (why !== null) failures.push({ target: fuzzed.target.name, bytes, why });
  }
  return {
    runs: run,
    failures,
    slowest: new Map(all.map(({ target, slowest }) => [target.name, slowest])),
    outcomes: new Map(all.map(({ target, outcomes }) => [target.name, outcomes.size])),
  };
}

class Fuzzed {
  readonly target: Target;
  readonly outcomes = new Set<string>();
  slowest: { readonly ms: number; readonly bytes: Uint8Array } = { ms: 0, bytes: new Uint8Array() };
  readonly #kept: Uint8Array[];
  readonly #limitMs: number;

  constructor(target: Target, limitMs: number) {
    this.target = target;
    this.#limitMs = limitMs;
    this.#kept = [...target.seeds];
  }

  next(random: Random): Uint8Array {
    const { words, repair } = this.target;
    const mutated = mutate(random.pick(this.#kept), random, this.#kept, words);
    return repair !== undefined && random.chance(0.9) ? repair(mutated) : mutated;
  }

  /** null: nothing is wrong. */
  read(bytes: Uint8Array): string | null {
    // Most of the time would go into the stacks of refusals, which nobody reads.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const began = performance.now();
      const outcome = this.target.read(bytes);
      const tookMs = performance.now() - began;
      this.#keep(outcome, bytes);
      return tookMs > this.slowest.ms || tookMs > this.#limitMs ? this.#time(bytes, tookMs) : null;
    } catch {
      Error.stackTraceLimit = stackTraceLimit;
      return this.#exception(bytes);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  #exception(bytes: Uint8Array): string {
    try {
      this.target.read(bytes);
      return 'an exception, and none when it was read again';
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  }

  #keep(outcome: string, bytes: Uint8Array): void {
    if (this.outcomes.has(outcome) || this.outcomes.size >= MOST_KEPT) return;
    this.outcomes.add(outcome);
    this.#kept.push(bytes.slice());
  }

  /** The shortest of many readings is what the bytes take; the others are the machine's. */
  #time(bytes: Uint8Array, tookMs: number): string | null {
    let least = tookMs;
    for (
      let times = 0;
      times < MOST_REPEATS && (times < 5 || least > this.#limitMs) && least > this.slowest.ms;
      times++
    ) {
      const began = performance.now();
      this.target.read(bytes);
      least = Math.min(least, performance.now() - began);
    }
    if (least > this.slowest.ms) this.slowest = { ms: least, bytes: bytes.slice() };
    return least > this.#limitMs
      ? `took ${least.toFixed(2)} ms, ${MOST_REPEATS} times: at most ${this.#limitMs} ms is expected`
      : null;
  }
}
