import { expect, test } from 'vitest';
import { PLAIN_SHARED } from '../../../src/model/testing.js';
import type { NodeConfiguration } from '../api/types.js';
import { compareConfigurations } from './compare.js';

const shared: NodeConfiguration['shared'] = PLAIN_SHARED;

function node(routerId: string, changes: Partial<NodeConfiguration> = {}): NodeConfiguration {
  return { routerId, preference: 100, hash: 'aa', shared, ...changes };
}

function rowOf(key: string, ...nodes: NodeConfiguration[]) {
  return compareConfigurations(nodes).find((row) => row.key === key);
}

test('equal configurations have no difference, whatever the order of a list', () => {
  const two = { ...shared, addresses: ['10.9.9.2', '10.9.9.1'] };
  const three = { ...shared, addresses: ['10.9.9.1', '10.9.9.2'] };
  const rows = compareConfigurations([node('1', { shared: two }), node('2', { shared: three })]);
  expect(rows.every(({ difference }) => difference === 'none')).toBe(true);
});

test('the one node that differs in what must agree is marked', () => {
  const row = rowOf('preempt', node('1'), node('2', { shared: { ...shared, preempt: false } }), node('3'));
  expect(row?.difference).toBe('wrong');
  expect(row?.values.map(({ odd }) => odd)).toEqual([false, true, false]);
});

test('of two that disagree nobody knows who is right: both are marked', () => {
  const row = rowOf('group', node('1'), node('2', { shared: { ...shared, group: 'X' } }));
  expect(row?.values.map(({ odd }) => odd)).toEqual([true, true]);
});

test('preferences may differ', () => {
  expect(rowOf('preference', node('1'), node('2', { preference: 200 }))?.difference).toBe('allowed');
});
