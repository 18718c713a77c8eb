import { expect, test } from 'vitest';
import type { Measured, Run, Target } from './measurement.js';
import { judge, median, medianPhase } from './statistics.js';

test('the median of an even number of runs is between the two in the middle', () => {
  expect(median([5, 1, 100, 3])).toBe(4);
  expect(median([7])).toBe(7);
});

test('a target of the median may be exceeded by half of the runs, one of the worst by none', () => {
  const runs = [run(10), run(20), run(300)];
  expect(judge(measured(runs, { limit: 20, of: 'median' }))[0]).toMatchObject({ measured: 20, met: true });
  expect(judge(measured(runs, { limit: 299, of: 'worst' }))[0]).toMatchObject({ measured: 300, met: false });
});

test('a run without the measure of a target has missed it', () => {
  const runs = [run(1, { eventLoopDelayMs: 3 }), run(1)];
  const target = { limit: 50, of: 'worst', measure: 'eventLoopDelayMs' } as const;
  expect(judge(measured(runs, target))[0]).toMatchObject({ met: false });
});

test('a phase that no run could tell apart is absent', () => {
  expect(medianPhase([run(1), { ...run(1), phases: { route: 4 } }], 'route')).toBe(4);
  expect(medianPhase([run(1)], 'detection')).toBeUndefined();
});

function run(value: number, more: Run['more'] = {}): Run {
  return { value, phases: {}, lost: 0, more };
}

function measured(runs: readonly Run[], target: Target): Measured {
  return {
    scenario: { id: 'x', title: 'x', value: 'outage', runs: runs.length, secondsPerRun: 1, targets: [target] },
    runs,
  };
}
