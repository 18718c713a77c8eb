import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Finding, type FuzzResult, LIMIT_MS } from './fuzz.js';
import { TARGETS } from './targets/index.js';
import { type FuzzTask, NOW_BYTES, NOW_NUMBERS } from './worker.js';

/**
 * `make fuzz`: reads mutated announcements, messages of ospfd's API and answers of FRR (docs/fuzzing.md).
 *
 * Environment: RUNS, how many (default 1,000,000). SEED, the first worker's (default: from the clock). ONLY=NAME,NAME:
 * these targets. FUZZ_WORKERS=n uses no more cores. BYTES=HEX with ONLY=NAME reads these bytes once.
 */
const { RUNS, SEED, ONLY, FUZZ_WORKERS, BYTES } = process.env;
const TELL_EVERY_MS = 15_000;
/** Then a reading has hung: a machine that stands still for a minute is none to fuzz on. */
const HANGS_MS = 60_000;

const only = ONLY ? ONLY.split(',') : TARGETS.map(({ name }) => name);
const unknown = only.filter((name) => TARGETS.every((target) => target.name !== name));
if (unknown.length > 0) throw new RangeError(`expected ONLY=${TARGETS.map(({ name }) => name)}, got ${unknown}`);

if (BYTES) {
  const bytes = Buffer.from(BYTES, 'hex');
  for (const target of TARGETS) if (only.includes(target.name)) console.log(`${target.name}: ${target.read(bytes)}`);
} else {
  process.exitCode = await runMany(number('RUNS', RUNS, 1_000_000), number('SEED', SEED, Date.now() % 1_000_000_000));
}

async function runMany(runs: number, seed: number): Promise<number> {
  const workers = Math.min(number('FUZZ_WORKERS', FUZZ_WORKERS, availableParallelism()), runs);
  console.log(`fuzzing ${only.join(', ')}: ${runs} runs, SEED=${seed}, ${workers} workers`);
  const begunMs = performance.now();
  const shares = Array.from({ length: workers }, (_, index) => Math.floor((runs + index) / workers));
  const watched = shares.map((share, index) => watch({ runs: share, seed: seed + index, only }));
  const telling = setInterval(() => {
    const done = watched.reduce((sum, { done }) => sum + done(), 0);
    console.error(`fuzz: ${done} of ${runs} runs`);
  }, TELL_EVERY_MS);
  const results = await Promise.all(watched.map(({ result }) => result));
  clearInterval(telling);
  tell(results, (performance.now() - begunMs) / 1000);
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

function watch(task: Omit<FuzzTask, 'now'>): { readonly done: () => number; readonly result: Promise<FuzzResult> } {
  const now = new SharedArrayBuffer(NOW_BYTES);
  const numbers = new Int32Array(now, 0, NOW_NUMBERS);
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { ...task, now } });
  const done = () => Atomics.load(numbers, 0);
  const result = new Promise<FuzzResult>((resolve, reject) => {
    let last = 0;
    const looking = setInterval(() => {
      if (done() === last && last > 0) {
        void worker.terminate();
        resolve(hung(now));
      }
      last = done();
    }, HANGS_MS);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => clearInterval(looking));
  });
  return { done, result };
}

function hung(now: SharedArrayBuffer): FuzzResult {
  const [runs = 0, target = 0, length = 0] = new Int32Array(now, 0, NOW_NUMBERS);
  const bytes = new Uint8Array(now, NOW_NUMBERS * 4, length).slice();
  const failure = { target: TARGETS[target]?.name ?? '', bytes, why: `has not ended after ${HANGS_MS / 1000} s` };
  return { runs, failures: [failure], slowest: new Map(), outcomes: new Map() };
}

function tell(results: readonly FuzzResult[], seconds: number): void {
  for (const name of only) {
    const [slowest] = results.flatMap((each) => each.slowest.get(name) ?? []).sort((a, b) => b.ms - a.ms);
    const outcomes = Math.max(...results.map((each) => each.outcomes.get(name) ?? 0));
    if (slowest === undefined) continue;
    console.log(`  ${name}: ${outcomes} outcomes; slowest ${slowest.ms.toFixed(3)} ms, ${slowest.bytes.length} bytes:`);
    console.log(`    ONLY=${name} BYTES=${hex(slowest.bytes)}`);
  }
  const failures = results.flatMap((each) => each.failures);
  for (const failure of failures) tellFailure(failure);
  const runs = results.reduce((sum, each) => sum + each.runs, 0);
  console.log(`${runs} runs in ${seconds.toFixed(0)} s (limit ${LIMIT_MS} ms): ${failures.length} failures`);
}

function tellFailure({ target, bytes, why }: Finding): void {
  console.log(`FAILED ${target}: ${why}\n    make fuzz ONLY=${target} BYTES=${hex(bytes)}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function number(name: string, text: string | undefined, otherwise: number): number {
  const value = text ? Number(text) : otherwise;
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`expected a whole number for ${name}, got ${text}`);
  return value;
}
