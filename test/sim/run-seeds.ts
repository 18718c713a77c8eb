import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addTotals, noTotals, type Totals } from './report.js';
import type { WorkerTask } from './worker.js';

/** SIM_WORKERS: no more than so many at once. */
const { SIM_WORKERS } = process.env;
const TELL_EVERY_MS = 15_000;

/** Runs the seeds on all cores, and tells on stderr how far it is. Rejects if a worker dies. */
export async function runSeeds(
  seeds: readonly number[],
  task: Omit<WorkerTask, 'seeds' | 'stop' | 'done'>,
): Promise<Totals> {
  const workers = Math.max(1, Math.min(Number(SIM_WORKERS ?? availableParallelism()), seeds.length));
  const parts = Array.from({ length: workers }, (_, part) => seeds.filter((_, index) => index % workers === part));
  const totals = noTotals();
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const done = new Int32Array(new SharedArrayBuffer(8));
  const telling = setInterval(() => {
    const [runs, violations] = [Atomics.load(done, 0), Atomics.load(done, 1)];
    const of = task.untilMs === null ? ` of ${seeds.length}` : '';
    console.error(`sim: ${runs}${of} runs, ${violations} violations`);
  }, TELL_EVERY_MS);
  try {
    const ended = await Promise.all(parts.map((each) => runPart({ ...task, stop, done, seeds: each })));
    for (const part of ended) addTotals(totals, part);
  } finally {
    clearInterval(telling);
  }
  totals.violations.sort((a, b) => a.seed - b.seed);
  return totals;
}

function runPart(task: WorkerTask): Promise<Totals> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a worker ended with exit status ${code} and without a result`)));
  });
}
