import { join } from 'node:path';
import { CHECKOUT } from '../lab/checkout.js';
import type { Scenario } from './measurement.js';

export interface BenchOptions {
  /** null: each scenario's own number. */
  readonly runs: number | null;
  readonly chosen: readonly Scenario[];
  /** Where everything is written. */
  readonly directory: string;
}

/** From RUNS, ONLY and OUT. Throws a RangeError that says what was expected. */
export function readOptions(
  environment: Readonly<Record<string, string | undefined>>,
  scenarios: readonly Scenario[],
): BenchOptions {
  return {
    runs: readRuns(environment.RUNS),
    chosen: choose(environment.ONLY, scenarios),
    directory: environment.OUT || join(CHECKOUT, '.lab', 'reports', 'bench'),
  };
}

function readRuns(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1 || runs > 1_000)
    throw new RangeError(`RUNS: expected a whole number from 1 to 1000, got "${text}"`);
  return runs;
}

function choose(text: string | undefined, scenarios: readonly Scenario[]): Scenario[] {
  const wanted = (text ?? '').split(/[\s,]+/).filter(Boolean);
  if (wanted.length === 0) return [...scenarios];
  const known = scenarios.map(({ id }) => id);
  for (const id of wanted) {
    if (!known.includes(id)) throw new RangeError(`ONLY: there is no scenario "${id}"; there are ${known.join(', ')}`);
  }
  return scenarios.filter(({ id }) => wanted.includes(id));
}
