import type { Measured, Phases, Run, Target } from './measurement.js';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** Of the runs in which it could be told; undefined: in none. */
export function medianPhase(runs: readonly Run[], name: keyof Phases): number | undefined {
  const values = runs.flatMap(({ phases }) => phases[name] ?? []);
  return values.length === 0 ? undefined : median(values);
}

export interface Verdict {
  readonly target: Target;
  readonly measured: number;
  readonly met: boolean;
}

export function judge({ scenario, runs }: Measured): Verdict[] {
  return scenario.targets.map((target) => {
    const values = runs.map((run) => measureOf(run, target));
    const measured = target.of === 'median' ? median(values) : Math.max(...values);
    return { target, measured, met: measured <= target.limit };
  });
}

/** A run in which the measure is absent has not met its target. */
function measureOf(run: Run, { measure }: Target): number {
  if (measure === undefined) return run.value;
  if (measure === 'lost') return run.lost;
  return run.more[measure] ?? Number.POSITIVE_INFINITY;
}
