import { expect, test } from 'vitest';
import { EDGE_LENGTH, layOut, type Point } from './layout.js';

const NOTHING = new Map<string, Point>();

function distance(a: Point | undefined, b: Point | undefined): number {
  return Math.hypot((a?.x ?? 0) - (b?.x ?? 0), (a?.y ?? 0) - (b?.y ?? 0));
}

test('the same graph gives the same picture, with no two vertices on one another', () => {
  const vertices = ['a', 'b', 'c', 'd', 'e'];
  const edges = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
    ['c', 'd'],
  ] as const;
  const picture = layOut({ vertices, edges, root: 'a', before: NOTHING });
  expect(layOut({ vertices, edges, root: 'a', before: NOTHING })).toEqual(picture);
  for (const a of vertices) {
    for (const b of vertices) if (a < b) expect(distance(picture.get(a), picture.get(b))).toBeGreaterThan(40);
  }
  expect(distance(picture.get('a'), picture.get('b'))).toBeLessThan(2.5 * EDGE_LENGTH);
});

test('what was drawn before stays where it was, if nothing is new', () => {
  const before = new Map([
    ['a', { x: 1, y: 2 }],
    ['b', { x: 300, y: 4 }],
    ['gone', { x: 0, y: 0 }],
  ]);
  const picture = layOut({ vertices: ['a', 'b'], edges: [['a', 'b']], root: 'a', before });
  expect([...picture]).toEqual([...before].slice(0, 2));
});

test('edges to vertices that are not there, and to themselves, do no harm', () => {
  const picture = layOut({
    vertices: ['a'],
    edges: [
      ['a', 'a'],
      ['a', 'x'],
    ],
    root: null,
    before: NOTHING,
  });
  expect([...picture.keys()]).toEqual(['a']);
  expect(layOut({ vertices: [], edges: [], root: 'a', before: NOTHING }).size).toBe(0);
});

test('a thousand vertices take about a second', () => {
  const vertices = Array.from({ length: 1000 }, (_, index) => `v${index}`);
  const edges = vertices.map((id, index) => [id, `v${index >> 1}`] as const);
  const begun = performance.now();
  const picture = layOut({ vertices, edges, root: 'v0', before: NOTHING });
  console.log(`1,000 vertices: ${(performance.now() - begun).toFixed(0)} ms`);
  expect([...picture.values()].every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
  expect(performance.now() - begun).toBeLessThan(20_000);
});
