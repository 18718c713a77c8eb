import { expect, test } from 'vitest';
import { lengthWords, ownerClass, percent } from './words.js';

test('a node has its colour by its place, and one that is gone has another', () => {
  const nodes = Array.from({ length: 8 }, (_, index) => ({ routerId: `10.0.0.${index}` }));
  expect(['10.0.0.1', '10.0.0.7', '10.0.0.99'].map((id) => ownerClass(id, nodes))).toEqual([
    'strip-node-1',
    'strip-node-1',
    'strip-gone',
  ]);
});

test.each([
  [412, '412 ms'],
  [61_000, '61 s'],
  [600_000, '10 min'],
  [9_000_000, '2 h 30 min'],
])('%d ms is %s', (ms, words) => {
  const from = Date.UTC(2026, 0, 1);
  expect(lengthWords({ from: new Date(from).toISOString(), until: new Date(from + ms).toISOString() })).toBe(words);
});

test.each([
  [1, '100 %'],
  [0.999_999_99, '99.999 %'],
  [0.5, '50.000 %'],
  [0, '0.000 %'],
])('%d is %s', (share, words) => {
  expect(percent(share)).toBe(words);
});
