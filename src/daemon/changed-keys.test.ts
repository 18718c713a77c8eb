import { expect, test } from 'vitest';
import { changedKeys } from './changed-keys.js';

test('changed keys are named without their values', () => {
  const before = { cluster: 'a', vty: { zebra: { kind: 'unix' } }, web: null, list: [1, 2], same: { x: 1 } };
  const after = {
    cluster: 'b',
    vty: { zebra: { kind: 'tcp', password: 'secret' } },
    web: { port: 1 },
    list: [1],
    same: { x: 1 },
  };
  expect(changedKeys(before, after)).toEqual(['cluster', 'list', 'vty.zebra.kind', 'vty.zebra.password', 'web']);
  expect(changedKeys(before, before)).toEqual([]);
});
