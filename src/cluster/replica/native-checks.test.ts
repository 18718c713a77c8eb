import { expect, it } from 'vitest';
import { type NativeCheck, NOTHING_PERSISTED_OF_NODE, routerId } from '../../model/index.js';
import { Engine } from '../engine.js';
import type { Effect, Event } from '../state/index.js';
import { TEST_SETTINGS, testDefinition } from '../testing.js';

const INTERVAL_MS = 10_000;

/** After how long each of so many services that start together is checked for the first time. */
function firstChecks(count: number, native?: NativeCheck): number[] {
  const check = { intervalMs: INTERVAL_MS, timeoutMs: 10_000, fall: 1, maxRestarts: 1 };
  const definitions = Array.from({ length: count }, (_, index) =>
    testDefinition(`WEB${index}`, {
      addresses: [`172.16.${16 + (index >> 8)}.${index & 255}`],
      check: native === undefined ? check : { ...check, native },
    }),
  );
  const engine = new Engine(TEST_SETTINGS);
  const delays: number[] = [];
  const carryOut = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.type === 'set-timer' && effect.timer.kind === 'check') delays.push(effect.delayMs);
      for (const event of answers(effect)) carryOut(engine.handle(event, 10_000));
    }
  };
  const begin = { persistedNode: NOTHING_PERSISTED_OF_NODE, persistedServices: new Map(), unixSeconds: 1 };
  const handle = (event: Event) => carryOut(engine.handle(event, 10_000));
  handle({ type: 'begin', definitions, ...begin });
  handle({ type: 'connected', routerId: routerId(2) });
  handle({ type: 'neighbours', full: 1 });
  handle({ type: 'synced' });
  handle({ type: 'timer', timer: { kind: 'join' } });
  return delays;

  function answers(effect: Effect): Event[] {
    if (effect.type === 'alias-up') return [{ type: 'alias-up', service: effect.service }];
    if (effect.type === 'announce' && engine.state.self !== null) {
      const { announcement } = effect;
      return [{ type: 'announcement', origin: engine.state.self, lsaId: '222.0.2.0', ageSeconds: 0, announcement }];
    }
    if (effect.type !== 'run') return [];
    const { service, primitive, run } = effect;
    const outcome = { result: 'succeeded', output: '' } as const;
    return [{ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1 }];
  }
}

it('spreads the first checks of its own over an interval', () => {
  const delays = firstChecks(300, { kind: 'tcp', port: 80 }).sort((one, other) => one - other);
  expect(delays).toHaveLength(300);
  expect(delays[0]).toBeGreaterThanOrEqual(INTERVAL_MS / 2);
  expect(delays.at(-1)).toBeLessThanOrEqual(1.5 * INTERVAL_MS);
  for (let tenth = 0; tenth < 10; tenth++) {
    const from = INTERVAL_MS * (0.5 + tenth / 10);
    const within = delays.filter((delay) => delay >= from && delay < from + INTERVAL_MS / 10);
    expect(within.length).toBeGreaterThan(15);
    expect(within.length).toBeLessThan(60);
  }
});

it('begins those of the Makefile after an interval', () => {
  expect(new Set(firstChecks(3))).toEqual(new Set([INTERVAL_MS]));
});
