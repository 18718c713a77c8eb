import { parentPort, workerData } from 'node:worker_threads';
import { planRun } from './plan-run.js';
import { addRun, noTotals, type Totals } from './report.js';
import { simulate } from './simulation.js';

/** What one worker runs: every `step`-th seed. */
export interface WorkerTask {
  readonly seeds: readonly number[];
  readonly strictExclusion: boolean;
  /** It stops then, in ms since the epoch; null: when all seeds are done. */
  readonly untilMs: number | null;
  /** It stops after so many violations. */
  readonly mostViolations: number;
  /** Every so many runs are measured for the tables. */
  readonly coverEvery: number;
}

function work({ seeds, strictExclusion, untilMs, mostViolations, coverEvery }: WorkerTask): Totals {
  const totals = noTotals();
  for (const [index, seed] of seeds.entries()) {
    if (untilMs !== null && Date.now() > untilMs) break;
    addRun(totals, simulate(planRun(seed), { strictExclusion, coverage: index % coverEvery === 0 }));
    if (totals.violations.length >= mostViolations) break;
  }
  return totals;
}

parentPort?.postMessage(work(workerData as WorkerTask));
