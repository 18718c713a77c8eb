import { expect, it } from 'vitest';
import type { Effect } from '../state/index.js';
import { testDefinition } from '../testing.js';
import { NodeAlone } from '../testing-alone.js';

type Run = Extract<Effect, { type: 'run' }>;

const START_MS = 60_000;

/** A node alone with WEB, whose `start` has just succeeded; its checks fail, at these times. */
function verifying(checkedAtMs: readonly number[]): Run[] {
  const node = new NodeAlone([testDefinition('WEB', { verify: true })], (primitive) =>
    primitive === 'check'
      ? { result: 'failed', reason: 'connection refused', output: '' }
      : { result: 'succeeded', output: '' },
  );
  const beganMs = node.nowMs;
  for (const afterMs of checkedAtMs) {
    node.nowMs = beganMs + afterMs;
    node.handle({ type: 'timer', timer: { kind: 'check', service: 'WEB' } });
  }
  return node.effects.filter((effect) => effect.type === 'run');
}

it('has the right of way for its checks, which a failover waits for', () => {
  const runs = verifying([200, 400]);
  const checks = runs.filter(({ primitive }) => primitive === 'check');
  expect(checks).toHaveLength(3);
  expect(checks.every(({ urgent }) => urgent === true)).toBe(true);
});

it('checks for no longer than the time that is left, but never for a moment only', () => {
  const { timeoutMs } = testDefinition('WEB').check;
  const limits = (...atMs: number[]) =>
    verifying(atMs)
      .filter(({ primitive }) => primitive === 'check')
      .map((run) => run.timeoutMs);
  expect(limits(200)).toEqual([timeoutMs, timeoutMs]);
  expect(limits(START_MS - 3_000)).toEqual([timeoutMs, 3_000]);
  // The machine stood still until the time was over.
  expect(limits(START_MS + 5_000)).toEqual([timeoutMs, 1_000]);
});
