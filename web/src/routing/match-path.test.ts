import { expect, test } from 'vitest';
import { matchPath } from './match-path.js';

test.each([
  ['/', '/', {}],
  ['/status', '/status', {}],
  ['/status', '/status/', {}],
  ['/services/:name', '/services/WEB', { name: 'WEB' }],
  ['/services/:name', '/services/a%2Fb', { name: 'a/b' }],
  ['/services/:name', '/services/%', { name: '%' }],
  ['/services/:name', '/services', null],
  ['/status', '/stat', null],
])('the pattern %s and the path %s give %j', (pattern, path, params) => {
  expect(matchPath(pattern, path)).toEqual(params);
});
