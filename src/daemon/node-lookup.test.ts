import { expect, test } from 'vitest';
import { parseRouterId } from '../model/index.js';
import { lookUpNode } from './node-lookup.js';

const KNOWN = [
  { routerId: '10.0.0.1', name: 'alpha' },
  { routerId: '10.0.0.2', name: 'beta' },
  { routerId: '10.0.0.3', name: 'beta' },
];

test('a node is named by its router ID, known or not, or by its name', () => {
  expect(lookUpNode('10.0.0.9', KNOWN)).toEqual({ routerId: parseRouterId('10.0.0.9') });
  expect(lookUpNode('alpha', KNOWN)).toEqual({ routerId: parseRouterId('10.0.0.1') });
});

test('a name that two nodes have is not guessed', () => {
  expect(lookUpNode('beta', KNOWN)).toEqual({
    problem: '10.0.0.2 and 10.0.0.3 are both called beta; give the router ID',
  });
});

test('an unknown name is answered with the known ones', () => {
  expect(lookUpNode('gamma', KNOWN)).toEqual({ problem: 'no node is called gamma; known are: alpha, beta, beta' });
  expect(lookUpNode('gamma', [])).toEqual({ problem: 'no node is called gamma; known are: none' });
});
