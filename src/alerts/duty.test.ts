import { beforeEach, expect, test } from 'vitest';
import type { ClusterEvent } from '../events/index.js';
import { Duty, HOLD_MS } from './duty.js';

const NODES = ['10.0.0.2', '10.0.0.9', '10.0.0.10'];
const [BETA = '', IOTA = '', KAPPA = ''] = NODES;

const EVENT: ClusterEvent = {
  ...{ seq: 1, at: '2026-01-01T00:00:00.000Z', node: IOTA, kind: 'failure', service: 'WEB' },
  ...{ from: 'active/started', to: 'active/failed', operator: null, text: 'it failed' },
};

let nowMs: number;
let lost: Set<string>;
let duties: Map<string, Duty>;

beforeEach(() => {
  nowMs = 0;
  lost = new Set();
  duties = new Map(
    NODES.map((self) => {
      const others = () => NODES.filter((node) => node !== self && !lost.has(node));
      return [self, new Duty(() => ({ self, others: others() }))];
    }),
  );
});

/** Who tells what, when all nodes that are there hear the event. */
function heard(event: Partial<ClusterEvent>): string[] {
  return [...duties].flatMap(([self, duty]) => {
    // Of itself a node judges nothing.
    const isJudged = event.from === null && event.to === null;
    if (lost.has(self) || (isJudged && event.node === self)) return [];
    const due = duty.heard({ ...EVENT, ...event }, self, nowMs);
    return due.map(({ event: { text }, repeated }) => `${self}: ${text}${repeated ? ' (again)' : ''}`);
  });
}

function lose(node: string, to = 'unreachable'): string[] {
  lost.add(node);
  return heard({ kind: 'member', node, service: null, from: null, to, text: `${node} is ${to}` });
}

test('its own event each node tells itself, and nobody else does', () => {
  expect(heard({})).toEqual([`${IOTA}: it failed`]);
  expect(heard({ node: KAPPA })).toEqual([`${KAPPA}: it failed`]);
});

test('before ospfd has told its router ID, a node tells its own as well', () => {
  const duty = new Duty(() => ({ self: null, others: [] }));
  expect(duty.heard({ ...EVENT, node: '' }, null, 0)).toHaveLength(1);
});

test.each(['unreachable', 'silent', 'left'])('a node that is %s is told of by the lowest that is left', (to) => {
  expect(lose(KAPPA, to)).toEqual([`${BETA}: ${KAPPA} is ${to}`]);
  expect(lose(BETA, to)).toContain(`${IOTA}: ${BETA} is ${to}`);
});

test('what the others judge of a node that is there is told by the lowest of them', () => {
  const judged = { from: null, to: null, text: 'its route is missing' };
  expect(heard({ ...judged, node: KAPPA })).toEqual([`${BETA}: its route is missing`]);
});

test('what the lost node may not have told is told once more by the next, and not a third time', () => {
  heard({});
  expect(lose(IOTA)).toEqual([`${BETA}: it failed (again)`, `${BETA}: ${IOTA} is unreachable`]);
  expect(lose(KAPPA)).toEqual([`${BETA}: ${KAPPA} is unreachable`]);
});

test('also when the one that took it over is lost', () => {
  heard({});
  lose(IOTA);
  expect(lose(BETA)).toEqual([
    `${KAPPA}: it failed (again)`,
    `${KAPPA}: ${IOTA} is unreachable (again)`,
    `${KAPPA}: ${BETA} is unreachable`,
  ]);
});

test('what is older than anybody tries to deliver is not told again', () => {
  heard({});
  nowMs += HOLD_MS + 1;
  expect(lose(IOTA)).toEqual([`${BETA}: ${IOTA} is unreachable`]);
});

test('what waits for the loss of another does not fill the memory', () => {
  for (let index = 0; index < 5000; index++) heard({ text: `event ${index}` });
  const told = lose(IOTA);
  expect(told.length).toBeGreaterThan(1000);
  expect(told.length).toBeLessThan(2005);
  expect(told).toContain(`${BETA}: event 4999 (again)`);
});

test('who is there is looked up once for a loss, and not at all for what a node says of itself', () => {
  let lookups = 0;
  const duty = new Duty(() => {
    lookups += 1;
    return { self: BETA, others: [KAPPA] };
  });
  duty.heard(EVENT, BETA, 0);
  expect(lookups).toBe(0);
  const told = duty.heard({ ...EVENT, kind: 'member', service: null, from: null, to: 'unreachable' }, BETA, 0);
  expect(told.map(({ repeated }) => repeated)).toEqual([true, false]);
  expect(lookups).toBe(1);
});
