import { expect, test } from 'vitest';
import { BUILT_PER_FRAME_PX, nextStretch, type Stretch, topsOf, windowOf } from './windowed.js';

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

const SCREEN = 900;

/** Frame by frame, until nothing is left to build. */
function frames(built: Stretch, top: number): Stretch[] {
  const next = nextStretch(built, top, SCREEN);
  return next.from === built.from && next.to === built.to ? [] : [next, ...frames(next, top)];
}

/** What of `after` is not in `before`, in pixels. */
function added(before: Stretch, after: Stretch): number {
  const common = Math.max(0, Math.min(before.to, after.to) - Math.max(before.from, after.from));
  return after.to - after.from - common;
}

test.each([
  ['at the beginning', { from: 0, to: 500 }, 0],
  ['after a step down', { from: -400, to: 1200 }, 350],
  ['after a step up', { from: 1600, to: 3200 }, 1700],
  ['after a jump down', { from: -400, to: 1200 }, 50_123],
  ['after a jump up', { from: 50_000, to: 51_600 }, 777],
  ['in a place built for a much larger screen', { from: 0, to: 9_000 }, 4_000],
])('%s all that is seen is built, a little in each frame, what is seen first', (_when, before, top) => {
  const built = frames(before, top);
  const last = built.at(-1)!;
  expect(last.from).toBeLessThanOrEqual(top);
  expect(last.to).toBeGreaterThanOrEqual(top + SCREEN);
  expect(last.to - last.from).toBeLessThan(SCREEN + 1000);
  for (const [index, each] of built.entries()) {
    expect(added(built[index - 1] ?? before, each)).toBeLessThanOrEqual(BUILT_PER_FRAME_PX);
  }
  const whole = built.findIndex(({ from, to }) => from <= top && to >= top + SCREEN);
  expect(whole).toBeLessThanOrEqual(2);
});
