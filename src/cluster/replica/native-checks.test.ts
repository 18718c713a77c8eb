import { expect, it } from 'vitest';
import type { NativeCheck } from '../../model/index.js';
import { testDefinition } from '../testing.js';
import { NodeAlone } from '../testing-alone.js';

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
  const { effects } = new NodeAlone(definitions);
  return effects.flatMap((effect) =>
    effect.type === 'set-timer' && effect.timer.kind === 'check' ? [effect.delayMs] : [],
  );
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
