import { beforeEach, expect, test } from 'vitest';
import type { ClusterEvent } from '../events/index.js';
import { eventAt } from '../events/testing.js';
import { type Failover, Owners } from './owners.js';

const ALPHA = '10.0.0.1';
const BETA = '10.0.0.2';

let owners: Owners;
let atMs: number;

beforeEach(() => {
  owners = new Owners();
  atMs = Date.UTC(2026, 0, 1);
});

/** A second later. */
function heard(event: Partial<ClusterEvent>): Failover | null {
  atMs += 1000;
  return owners.heard(eventAt(atMs, event));
}

const started = (node: string) => heard({ node, service: 'WEB', from: 'active/starting', to: 'active/started' });
const leaves = (node: string, to: string | null, change: Partial<ClusterEvent> = {}) =>
  heard({ node, service: 'WEB', from: 'active/started', to, ...change });
const member = (node: string, change: Partial<ClusterEvent>) => heard({ kind: 'member', node, ...change });

test('a first owner, and one that starts again, is no failover', () => {
  expect(started(ALPHA)).toBeNull();
  leaves(ALPHA, 'active/stopping');
  expect(started(ALPHA)).toBeNull();
});

test.each([
  ['node-lost', () => member(ALPHA, { to: 'unreachable' })],
  ['daemon-lost', () => member(ALPHA, { to: 'silent' })],
  ['daemon-lost', () => member(ALPHA, { to: 'left' })],
  ['daemon-lost', () => leaves(ALPHA, null)],
  ['failure', () => leaves(ALPHA, 'active/failed', { kind: 'failure' })],
  ['handover', () => leaves(ALPHA, 'active/stopping')],
])('%s', (cause, lose) => {
  started(ALPHA);
  lose();
  expect(started(BETA)).toEqual({ service: 'WEB', from: ALPHA, to: BETA, cause, outageMs: 1000 });
});

test('what fails while it is stopped has left because of that', () => {
  started(ALPHA);
  leaves(ALPHA, 'active/stopping');
  heard({ kind: 'failure', node: ALPHA, service: 'WEB', from: 'active/stopping', to: 'active/failed' });
  expect(started(BETA)).toMatchObject({ cause: 'failure', outageMs: 2000 });
});

test.each(['WEB', null])('a command (%s) explains a handover for a minute', (service) => {
  started(ALPHA);
  heard({ kind: 'command', node: ALPHA, service });
  leaves(ALPHA, 'active/stopping');
  expect(started(BETA)).toMatchObject({ cause: 'command' });
  atMs += 60_000;
  leaves(BETA, 'active/stopping');
  expect(started(ALPHA)).toMatchObject({ cause: 'handover' });
});

test('a node that is heard again has not lost what it has', () => {
  started(ALPHA);
  member(ALPHA, { to: 'silent' });
  member(ALPHA, { from: 'silent' });
  expect(started(BETA)).toMatchObject({ cause: 'handover', outageMs: 0 });
});

test('another replica that stops does not change the owner', () => {
  started(ALPHA);
  leaves(BETA, 'active/stopping');
  leaves(ALPHA, 'active/stopping');
  expect(started(BETA)).toMatchObject({ from: ALPHA, to: BETA });
});
