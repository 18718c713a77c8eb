import { expect, it } from 'vitest';
import { NOTHING_PERSISTED_OF_NODE, routerId } from '../../model/index.js';
import { Engine } from '../engine.js';
import type { Effect, Event } from '../state/index.js';
import { TEST_SETTINGS, testDefinition } from '../testing.js';

type Run = Extract<Effect, { type: 'run' }>;

const START_MS = 60_000;

/** A node alone with WEB, whose `start` has just succeeded; its checks fail, at these times. */
function verifying(checkedAtMs: readonly number[]): Run[] {
  const engine = new Engine(TEST_SETTINGS);
  const runs: Run[] = [];
  let nowMs = 10_000;
  const handle = (event: Event): void => {
    for (const effect of engine.handle(event, nowMs)) for (const answer of answersTo(effect)) handle(answer);
  };
  const begin = { persistedNode: NOTHING_PERSISTED_OF_NODE, persistedServices: new Map(), unixSeconds: 1 };
  handle({ type: 'begin', definitions: [testDefinition('WEB', { verify: true })], ...begin });
  handle({ type: 'connected', routerId: routerId(2) });
  handle({ type: 'neighbours', full: 1 });
  handle({ type: 'synced' });
  handle({ type: 'timer', timer: { kind: 'join' } });
  for (const afterMs of checkedAtMs) {
    nowMs = 10_000 + afterMs;
    handle({ type: 'timer', timer: { kind: 'check', service: 'WEB' } });
  }
  return runs;

  function answersTo(effect: Effect): Event[] {
    if (effect.type === 'alias-up') return [{ type: 'alias-up', service: effect.service }];
    if (effect.type === 'announce' && engine.state.self !== null) {
      const { announcement } = effect;
      return [{ type: 'announcement', origin: engine.state.self, lsaId: '222.0.2.0', ageSeconds: 0, announcement }];
    }
    if (effect.type !== 'run') return [];
    runs.push(effect);
    const { service, primitive, run } = effect;
    const outcome =
      primitive === 'check'
        ? ({ result: 'failed', reason: 'connection refused', output: '' } as const)
        : ({ result: 'succeeded', output: '' } as const);
    return [{ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1 }];
  }
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
