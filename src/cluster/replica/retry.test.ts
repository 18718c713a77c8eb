import { expect, test } from 'vitest';
import type { Effect } from '../state/effect.js';
import { testDefinition, testMember } from '../testing.js';

test('the failure timeout of a failure ends with it: what fails later has a time of its own', () => {
  const engine = testMember([testDefinition('WEB', { failureTimeoutMs: 20_000 })]);
  const ends = (primitive: 'activate' | 'deactivate', result: 'failed' | 'succeeded'): Effect[] => {
    const run = engine.state.replicas.get('WEB')?.job?.run ?? 0;
    const outcome = { result, reason: '', output: '' };
    return engine.handle(
      { type: 'primitive-ended', service: 'WEB', primitive, run, outcome, unixSeconds: 1_000 },
      6_000,
    );
  };
  expect(ends('activate', 'failed')).toContainEqual({
    type: 'set-timer',
    timer: { kind: 'retry', service: 'WEB' },
    delayMs: 20_000,
  });
  const command = {
    type: 'command',
    request: '',
    operator: 'anna',
    role: 'operator',
    order: { of: 'service', service: 'WEB', command: 'deactivate' },
    target: null,
    pin: false,
  } as const;
  const effects = engine.handle(command, 7_000);
  expect(effects).toContainEqual({ type: 'cancel-timer', timer: { kind: 'retry', service: 'WEB' } });
});
