import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { planRun } from './plan-run.js';
import { addRuleCalls, addRun, noTotals, type Totals } from './report.js';
import { RuleCalls } from './rule-calls.js';
import { simulate } from './simulation.js';

/** Counting calls costs speed: it is done in so many runs of each worker. */
const RULE_SAMPLE = 30;

/** null: there is none. A router without a key is not believed, or it is. */
export type AdversaryMode = 'believed' | 'not believed' | null;

/** What one worker runs: every `step`-th seed. */
export interface WorkerTask {
  readonly seeds: readonly number[];
  readonly strictExclusion: boolean;
  /** It stops then, in ms since the epoch; null: when all seeds are done. */
  readonly untilMs: number | null;
  /** It stops after so many violations. */
  readonly mostViolations: number;
  /** Not 0: some worker has had enough. */
  readonly stop: Int32Array;
  /** How many runs all workers have ended, and how many violations they saw. */
  readonly done: Int32Array;
  /** Counts the calls of the core's rules in the first runs. */
  readonly countRules: boolean;
  /** Every so many runs are measured for the tables. */
  readonly coverEvery: number;
  /** Nobody makes definitions that differ equal in the end. */
  readonly differing: boolean;
  readonly adversary: AdversaryMode;
}

async function work(task: WorkerTask): Promise<Totals> {
  const { seeds, strictExclusion, untilMs, mostViolations, coverEvery, stop, done, differing } = task;
  const totals = noTotals();
  const kit = task.adversary !== null ? await import('./adversary/index.js') : null;
  const calls = new RuleCalls();
  if (task.countRules) await calls.begin();
  let counting = task.countRules;
  for (const [index, seed] of seeds.entries()) {
    if (Atomics.load(stop, 0) !== 0 || (untilMs !== null && Date.now() > untilMs)) break;
    const before = totals.violations.length;
    const plan = planRun(seed, differing);
    const coverage = index % coverEvery === 0;
    const makeAdversary = kit?.makeAdversary ?? null;
    const life = kit?.withAdversary(plan, task.adversary === 'believed') ?? plan;
    try {
      addRun(totals, simulate(life, { strictExclusion, coverage, makeAdversary }));
    } catch (error) {
      writeSync(2, `sim: SEED=${seed} ends in an exception of the simulator\n`);
      throw error;
    }
    Atomics.add(done, 0, 1);
    Atomics.add(done, 1, totals.violations.length - before);
    // Told at once as well: a run of many that is broken off must not lose it. Nothing that a worker prints goes out before it
    // waits for something, which this one does not.
    if (totals.violations.length > before) writeSync(2, `sim: SEED=${seed} ends in a violation\n`);
    if (totals.violations.length >= mostViolations) Atomics.store(stop, 0, 1);
    if (counting && index >= RULE_SAMPLE) {
      addRuleCalls(totals, await calls.end());
      await calls.beginCheap();
      counting = false;
    }
  }
  if (task.countRules) addRuleCalls(totals, await calls.end());
  return totals;
}

parentPort?.postMessage(await work(workerData as WorkerTask));
