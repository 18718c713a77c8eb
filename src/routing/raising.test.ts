import { afterEach, expect, test, vi } from 'vitest';
import { NO_EXTERNAL_ROUTES } from './external-routes.js';
import type { KernelAddress } from './kernel-addresses.js';
import { Raising } from './raising.js';

afterEach(() => {
  vi.useRealTimers();
});

/** A machine whose kernel is asked for its addresses; each answer tells how often it was asked. */
function machine() {
  let asked = 0;
  const failures: Error[] = [];
  const list = async (): Promise<readonly KernelAddress[]> => {
    asked += 1;
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return Array.from({ length: asked }, (_, index) => ({
      interface: 'lo',
      address: `192.0.2.${index}`,
      prefixLength: 32,
      label: 'lo',
    }));
  };
  const nothing = { announced: [], withheld: [], perInterface: false, configured: true, external: NO_EXTERNAL_ROUTES };
  const raising = new Raising(
    { list, add: async () => {} },
    { list: async () => [] },
    { list: async () => nothing, ownAreas: async () => [], announce: async () => {} },
    3,
  );
  const survey = async (): Promise<number> => (await raising.survey()).present.length;
  return { raising, survey, failures, asked: () => asked };
}

test('what was prepared is not looked at again, for one alias or a hundred', async () => {
  const { raising, survey, asked } = machine();
  raising.prepare();
  expect(await Promise.all(Array.from({ length: 100 }, survey))).toEqual(Array.from({ length: 100 }, () => 1));
  expect(asked()).toBe(1);
});

test('after a second, or without preparation, it is looked at anew', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { raising, survey } = machine();
  expect(await survey()).toBe(1);
  expect(await survey()).toBe(2);
  raising.prepare();
  expect(await survey()).toBe(3);
  vi.advanceTimersByTime(1_000);
  expect(await survey()).toBe(4);
});

test('a preparation that failed is none', async () => {
  const { raising, survey, failures } = machine();
  failures.push(new Error('ip ended'));
  raising.prepare();
  expect(await survey()).toBe(2);
});
