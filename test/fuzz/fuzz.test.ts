import { expect, test } from 'vitest';
import { fuzz } from './fuzz.js';
import { Broken, type Target } from './target.js';
import { TARGETS } from './targets/index.js';

/** Of a machine that does much else. `make fuzz` has a limit of 1 ms. */
const GENEROUS_MS = 50;

/** A small part of what `make fuzz` reads, the same each time: what fails here was broken by a change. */
test.each(TARGETS.map((target) => [target.name, target] as const))(
  'whatever comes is read or refused: %s',
  (name, target) => {
    const { failures, outcomes, runs } = fuzz([target], {
      runs: name === 'proof' ? 500 : 2_000,
      seed: 20_021,
      limitMs: GENEROUS_MS,
    });
    expect(failures.map(({ bytes, why }) => `${why}: ${Buffer.from(bytes).toString('hex')}`)).toEqual([]);
    expect(runs).toBeGreaterThan(0);
    expect(outcomes.get(name)).toBeGreaterThan(2);
  },
);

const READ: Target = { name: 'read', share: 1, seeds: [Uint8Array.of(1, 2, 3, 4)], read: () => 'read' };

test('an exception is told with its bytes, and the same seed finds it again', () => {
  const first255: Target = {
    ...READ,
    read: ([first]) => {
      if (first === 255) throw new Broken('255');
      return `${first}`;
    },
  };
  const found = () => fuzz([first255], { runs: 20_000, seed: 1, mostFailures: 1 }).failures;
  expect(found()).toEqual([{ target: 'read', bytes: expect.anything(), why: expect.stringContaining('255') }]);
  expect(found()[0]?.bytes[0]).toBe(255);
  expect(found()[0]?.bytes).toEqual(found()[0]?.bytes);
});

test('bytes that always take long are told, those that a busy machine has delayed are not', () => {
  const wait = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  const often: Target = {
    ...READ,
    read: () => {
      wait(2);
      return 'slow';
    },
  };
  let times = 0;
  const once: Target = {
    ...READ,
    read: () => {
      if (++times % 10 === 0) wait(2);
      return 'mostly fast';
    },
  };
  expect(fuzz([often], { runs: 1, seed: 1 }).failures).toEqual([
    { target: 'read', bytes: expect.anything(), why: expect.stringContaining('at most 1 ms is expected') },
  ]);
  expect(fuzz([once], { runs: 50, seed: 1 }).failures).toEqual([]);
});
