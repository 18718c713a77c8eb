import { beforeEach, expect, test } from 'vitest';
import type { ClusterEvent } from '../events/index.js';
import { eventAt } from '../events/testing.js';
import { Availability } from './availability.js';

const SELF = '10.0.0.9';
const ALPHA = '10.0.0.1';
const BETA = '10.0.0.2';
const START = Date.UTC(2026, 0, 1);

let availability: Availability;

beforeEach(() => {
  availability = new Availability();
});

/** `second`: since the beginning. */
function heard(second: number, event: Partial<ClusterEvent>): void {
  availability.heard(eventAt(START + second * 1000, event));
}

const begun = (second: number) => heard(second, { kind: 'node', node: SELF, to: 'begun' });
const started = (second: number, node: string, service = 'WEB') =>
  heard(second, { node, service, from: 'active/starting', to: 'active/started', text: `started ${node}` });
const leaves = (second: number, node: string, to: string, text = 'leaves') =>
  heard(second, {
    node,
    service: 'WEB',
    from: 'active/started',
    to,
    text,
    kind: to.endsWith('failed') ? 'failure' : 'state',
  });

/** The spans of WEB in words, of so many seconds: `1-5 10.0.0.1`. */
function told(seconds: number, { since = 0, present = {} as Record<string, string | null> } = {}): readonly string[] {
  const period = { fromMs: START + since * 1000, untilMs: START + seconds * 1000 };
  const web = availability.of(period, new Map(Object.entries(present))).find(({ service }) => service === 'WEB');
  const second = (ms: number) => (ms - START) / 1000;
  return (web?.spans ?? []).map(
    ({ fromMs, untilMs, owner, cause }) => `${second(fromMs)}-${second(untilMs)} ${owner ?? cause}`,
  );
}

function share(seconds: number, since = 0): number | null | undefined {
  const period = { fromMs: START + since * 1000, untilMs: START + seconds * 1000 };
  return availability.of(period, new Map()).find(({ service }) => service === 'WEB')?.share;
}

test('an outage has its cause and its end, and what was before the first word is unknown', () => {
  begun(10);
  started(20, ALPHA);
  heard(50, { kind: 'member', node: ALPHA, to: 'unreachable', text: 'is unreachable' });
  started(60, BETA);
  expect(told(100)).toEqual(['0-20 unknown', `20-50 ${ALPHA}`, '50-60 node-lost', `60-100 ${BETA}`]);
  expect(share(100)).toBeCloseTo(70 / 80);
});

test('only what lies in the period counts', () => {
  begun(0);
  started(0, ALPHA);
  leaves(50, ALPHA, 'active/failed');
  started(60, BETA);
  expect(told(100, { since: 55 })).toEqual(['55-60 failure', `60-100 ${BETA}`]);
  expect(told(100, { since: 80 })).toEqual([`80-100 ${BETA}`]);
  expect(share(100, 80)).toBe(1);
});

test('what an operator takes away is no outage', () => {
  begun(0);
  started(0, ALPHA);
  heard(10, { kind: 'command', service: 'WEB', node: ALPHA });
  leaves(11, ALPHA, 'active/stopping');
  started(31, BETA);
  expect(told(100)).toEqual([`0-11 ${ALPHA}`, '11-31 command', `31-100 ${BETA}`]);
  expect(share(100)).toBe(1);
});

test('what fails while it is stopped was an outage from the beginning', () => {
  begun(0);
  started(0, ALPHA);
  leaves(10, ALPHA, 'active/stopping');
  heard(12, {
    kind: 'failure',
    node: ALPHA,
    service: 'WEB',
    from: 'active/stopping',
    to: 'active/failed',
    text: 'failed',
  });
  started(20, BETA);
  expect(told(30)).toEqual([`0-10 ${ALPHA}`, '10-20 failure', `20-30 ${BETA}`]);
});

test('a node that is heard again has had its services again since then', () => {
  begun(0);
  started(0, ALPHA);
  heard(10, { kind: 'member', node: ALPHA, to: 'silent' });
  heard(15, { kind: 'member', node: ALPHA, from: 'silent' });
  expect(told(20)).toEqual([`0-10 ${ALPHA}`, '10-15 daemon-lost', `15-20 ${ALPHA}`]);
});

test('while srrd does not run here nothing is known, and since it runs again what is so now has been so', () => {
  begun(0);
  started(0, ALPHA);
  heard(10, { kind: 'node', node: SELF, to: 'ending' });
  begun(40);
  expect(told(50)).toEqual([`0-10 ${ALPHA}`, '10-50 unknown']);
  expect(told(50, { present: { WEB: BETA } })).toEqual([`0-10 ${ALPHA}`, '10-40 unknown', `40-50 ${BETA}`]);
});

test('who leaves first after that has had it since then', () => {
  begun(0);
  started(0, ALPHA);
  heard(10, { kind: 'node', node: SELF, to: 'ending' });
  begun(40);
  leaves(45, BETA, 'active/failed');
  expect(told(50)).toEqual([`0-10 ${ALPHA}`, '10-40 unknown', `40-45 ${BETA}`, '45-50 failure']);
});

test('nobody says when a daemon was killed: some time after what it told last', () => {
  begun(0);
  started(0, SELF);
  started(10, BETA, 'OTHER');
  begun(40);
  expect(told(50, { present: { WEB: SELF } })).toEqual([`0-10 ${SELF}`, '10-40 unknown', `40-50 ${SELF}`]);
});

test.each(['ending', 'isolated'])('what this node stops when it is %s is no outage of the service', (to) => {
  begun(0);
  started(0, SELF);
  heard(10, { kind: 'node', node: SELF, to });
  leaves(11, SELF, 'active/stopping');
  heard(12, { service: 'OTHER', node: SELF, from: 'active/started', to: 'active/stopping' });
  if (to === 'ending') begun(40);
  else heard(40, { kind: 'node', node: SELF, to: 'joining' });
  expect(told(50, { present: { WEB: BETA } })).toEqual([`0-10 ${SELF}`, '10-40 unknown', `40-50 ${BETA}`]);
  expect(share(50)).toBe(1);
});

test('what an operator moves and what fails where it should run is an outage from there on', () => {
  begun(0);
  started(0, ALPHA);
  heard(10, { kind: 'command', service: 'WEB', node: ALPHA });
  leaves(11, ALPHA, 'active/stopping');
  heard(15, { kind: 'failure', service: 'WEB', node: BETA, from: 'active/starting', to: 'active/failed' });
  expect(told(50)).toEqual([`0-11 ${ALPHA}`, '11-15 command', '15-50 failure']);
});

test('a node that comes and goes costs what it has', () => {
  begun(0);
  for (let index = 0; index < 2000; index++) started(1, ALPHA, `S${index}`);
  const begin = process.cpuUsage();
  for (let second = 2; second < 20_000; second++) heard(second, { kind: 'member', node: BETA, to: 'unreachable' });
  // Looking at all services each time takes ten seconds and more.
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(2000);
});

test('an isolated node does not know what the others have', () => {
  begun(0);
  started(0, ALPHA);
  heard(10, { kind: 'member', node: ALPHA, to: 'unreachable' });
  heard(10, { kind: 'node', node: SELF, from: 'member', to: 'isolated' });
  heard(30, { kind: 'node', node: SELF, from: 'joining', to: 'member' });
  expect(told(40, { present: { WEB: ALPHA } })).toEqual([`0-10 ${ALPHA}`, '10-30 unknown', `30-40 ${ALPHA}`]);
});

test('a service that nothing is kept of has been where it is since the first event', () => {
  started(5, ALPHA, 'OTHER');
  expect(told(10, { present: { WEB: BETA } })).toEqual(['0-5 unknown', `5-10 ${BETA}`]);
});

test('a service that nobody has had is not listed', () => {
  begun(0);
  expect(availability.of({ fromMs: START, untilMs: START + 1000 }, new Map([['WEB', null]]))).toEqual([]);
});

test('of one that changes all the time the newest changes are told', () => {
  begun(0);
  for (let second = 0; second < 4000; second += 2) {
    started(second, ALPHA);
    leaves(second + 1, ALPHA, 'active/failed');
  }
  const spans = told(4000);
  expect(spans).toHaveLength(301);
  expect(spans[0]).toBe('0-3700 unknown');
  expect(spans.at(-1)).toBe('3999-4000 failure');
});
