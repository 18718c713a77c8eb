import { afterEach, expect, test, vi } from 'vitest';
import type { Run, Scenario } from './measurement.js';
import { LIMIT_SECONDS, Progress } from './progress.js';
import type { Stage } from './stage.js';
import { STAGES } from './stages.js';

const RUN: Run = { value: 38, phases: {}, lost: 0, more: {} };
const told = vi.spyOn(console, 'log').mockImplementation(() => {});
afterEach(() => told.mockClear());

function scenario(id: string, runs: number, secondsPerRun: number, promised: boolean): Scenario {
  const targets = promised ? [{ limit: 60, of: 'median' as const }] : [];
  return { id, title: id, value: 'outage', runs, secondsPerRun, targets };
}

function begun(scenarios: readonly Scenario[], runs: number | null, elapsed: () => number): Progress {
  const stage: Stage = { name: 'three nodes', seconds: 20, scenarios, open: () => Promise.reject(new Error('unused')) };
  return new Progress([{ stage, scenarios }], runs, elapsed);
}

test('it says at the start how long all of it takes', () => {
  begun([scenario('move', 10, 10, true), scenario('hangs', 3, 20, false)], null, () => 0).announce('here');
  expect(told.mock.calls).toEqual([['bench: 2 scenarios, 13 runs, about 3 min left; results go to here']]);
});

test('everything there is fits into the quarter of an hour', () => {
  const seconds = STAGES.map((stage) =>
    stage.scenarios.reduce((sum, { runs, secondsPerRun }) => sum + runs * secondsPerRun, stage.seconds),
  );
  expect(seconds.reduce((sum, one) => sum + one)).toBeLessThan(LIMIT_SECONDS);
  for (const { targets, runs, id } of STAGES.flatMap(({ scenarios }) => scenarios)) {
    // A hundred services at once are a hundred failovers.
    if (targets.length > 0 && id !== 'many-cut') expect(runs).toBeGreaterThanOrEqual(10);
  }
});

test('on a slow machine there are fewer runs where nothing is promised, and never where something is', () => {
  let elapsed = 0;
  const promised = scenario('cut', 10, 30, true);
  const free = scenario('hangs', 10, 30, false);
  const progress = begun([promised, free], null, () => elapsed);
  elapsed = LIMIT_SECONDS - 100;
  for (let done = 1; done <= 10; done++) {
    progress.ran(promised, RUN, done - 1);
    expect(progress.mustEnd(promised, done)).toBe(false);
  }
  progress.ran(free, RUN, 0);
  expect(progress.mustEnd(free, 1)).toBe(true);
});

test('on a machine that keeps to the times, and when RUNS= says how often, nothing is left out', () => {
  const free = scenario('hangs', 10, 30, false);
  const quick = begun([free], null, () => 100);
  quick.ran(free, RUN, 0);
  expect(quick.mustEnd(free, 1)).toBe(false);
  const told = begun([free], 40, () => 2_000);
  told.ran(free, RUN, 0);
  expect(told.mustEnd(free, 1)).toBe(false);
});
