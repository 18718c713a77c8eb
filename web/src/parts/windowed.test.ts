import { expect, test } from 'vitest';
import { topsOf, windowOf } from './windowed.js';

const tops = topsOf([10, 20, 30, 40]);

test.each([
  [-100, 5, { first: 0, end: 1, above: 0, below: 90 }],
  [0, 10, { first: 0, end: 2, above: 0, below: 70 }],
  [15, 35, { first: 1, end: 3, above: 10, below: 40 }],
  [0, 1000, { first: 0, end: 4, above: 0, below: 0 }],
  [5000, 6000, { first: 4, end: 4, above: 100, below: 0 }],
])('of four rows the window from %i to %i shows %j', (from, to, expected) => {
  expect(windowOf(tops, from, to)).toEqual(expected);
});

test('a list without rows has an empty window', () => {
  expect(windowOf(topsOf([]), 0, 100)).toEqual({ first: 0, end: 0, above: 0, below: 0 });
});
