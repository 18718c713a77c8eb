import { expect, test } from 'vitest';
import type { RevocationHolder } from '../cluster/index.js';
import { type RouterId, routerId } from '../model/index.js';
import { planFetches } from './plan.js';

const CA = '0123456789abcdef';

function holder(node: number, number: number): RevocationHolder {
  return { node: routerId(node), addresses: [`10.0.0.${node}`], port: 8443, lists: [{ authority: CA, number }] };
}

function plan(self: number, own: number, ...holders: RevocationHolder[]) {
  const wanted = planFetches(routerId(self), new Map([[CA, own]]), holders);
  return wanted.map(({ from, number, waitMs }) => ({ from: from.map(({ node }) => node as number), number, waitMs }));
}

test('nothing is fetched that nobody has newer, nor of an authority that does not count here', () => {
  expect(plan(1, 5, holder(2, 5), holder(3, 4))).toEqual([]);
  expect(planFetches(routerId(1), new Map(), [holder(2, 5)])).toEqual([]);
});

test('the next one on the ring is asked first, and after the highest router ID comes the lowest', () => {
  expect(plan(2, 1, holder(1, 7), holder(3, 7), holder(4, 7))).toEqual([{ from: [3, 4, 1], number: 7, waitMs: 0 }]);
  expect(plan(4, 1, holder(1, 7), holder(3, 7))).toEqual([{ from: [1, 3], number: 7, waitMs: 0 }]);
});

test('the highest number comes first, and who has less than it but more than we is asked when that fails', () => {
  expect(plan(1, 1, holder(2, 5), holder(3, 9))).toEqual([{ from: [3, 2], number: 9, waitMs: 50 }]);
});

test('a hundred nodes that hear of a list at once do not ask its node at once', () => {
  const nodes = Array.from({ length: 100 }, (_, index) => index + 1);
  const numbers = new Map(nodes.map((node) => [node, node === 42 ? 2 : 1]));
  const asked = nodes
    .filter((node) => node !== 42)
    .map((node) => {
      const others = nodes.filter((other) => other !== node).map((other) => holder(other, numbers.get(other) ?? 0));
      return plan(node, 1, ...others)[0]!;
    });
  expect(new Set(asked.map(({ waitMs }) => waitMs)).size).toBe(99);
  expect(Math.max(...asked.map(({ waitMs }) => waitMs))).toBe(98 * 50);
});

test('router IDs are unsigned', () => {
  const high: RouterId = routerId(0xf000_0000);
  const [first] = planFetches(routerId(5), new Map([[CA, 0]]), [holder(1, 1), { ...holder(1, 1), node: high }]);
  expect(first?.from[0]?.node).toBe(high);
});
