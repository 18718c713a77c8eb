import { expect, test } from 'vitest';
import type { Scenario } from './measurement.js';
import { readOptions } from './options.js';

const scenarios: Scenario[] = ['move', 'cut', 'hangs'].map((id) => ({
  id,
  title: id,
  value: 'outage',
  runs: 10,
  secondsPerRun: 1,
  targets: [],
}));

test('without options everything is run as often as it says itself', () => {
  const { runs, chosen, directory } = readOptions({ RUNS: '', ONLY: '', OUT: '' }, scenarios);
  expect([runs, chosen, directory]).toEqual([null, scenarios, expect.stringMatching(/\.lab\/reports\/bench$/)]);
});

test('ONLY= chooses, with commas or spaces', () => {
  const { chosen } = readOptions({ ONLY: 'hangs, move', RUNS: '3' }, scenarios);
  expect(chosen.map(({ id }) => id)).toEqual(['move', 'hangs']);
});

test('what is not understood is refused with what was expected', () => {
  expect(() => readOptions({ RUNS: 'many' }, scenarios)).toThrow('RUNS: expected a whole number');
  expect(() => readOptions({ ONLY: 'fire' }, scenarios)).toThrow('there is no scenario "fire"; there are move, cut');
});
