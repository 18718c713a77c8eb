import { expect, test } from 'vitest';
import type { NodeStatus } from '../api/types.js';
import { whyNoLink } from './node-link.js';

const node = (id: number, name: string, web: string | null): NodeStatus => ({
  ...{ routerId: `10.0.0.${id}`, name, web, webDoubt: null, reachable: true, standby: false },
});

const ALPHA = node(1, 'alpha', '10.0.0.1:8443');
const BETA = node(2, 'beta', '10.0.0.2:8443');

test('a node with a name and a web server of its own is linked', () => {
  expect(whyNoLink(ALPHA, [ALPHA, BETA])).toBeNull();
  expect(whyNoLink(node(1, 'alpha', null), [BETA])).toContain('web.advertise');
});

test('of two nodes that say they have the same name neither is linked', () => {
  const forged = node(99, 'beta', '203.0.113.9:8443');
  expect(whyNoLink(forged, [ALPHA, BETA, forged])).toBe('10.0.0.2 has the same name: go by the router ID');
  expect(whyNoLink(BETA, [ALPHA, BETA, forged])).toBe('10.0.0.99 has the same name: go by the router ID');
});

test('an address that two nodes tell of is linked from neither', () => {
  const forged = node(99, 'gamma', BETA.web);
  expect(whyNoLink(forged, [ALPHA, BETA, forged])).toContain('10.0.0.2 tells of the same');
});

test('an address that nothing but the announcement itself gives to a node is text, with the reason', () => {
  const forged = { ...node(99, 'omega', '203.0.113.9:8443'), webDoubt: 'no answer' };
  expect(whyNoLink(forged, [ALPHA, BETA, forged])).toBe('203.0.113.9:8443: no answer');
});
