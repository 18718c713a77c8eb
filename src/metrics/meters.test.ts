import { expect, test } from 'vitest';
import type { ClusterEvent } from '../events/index.js';
import type { FamilyName } from './families.js';
import { MAX_LABELLED, Meters } from './meters.js';
import { countsOf } from './readings.js';

const EVENT: ClusterEvent = {
  ...{ seq: 1, at: '2026-01-01T00:00:00.000Z', node: '10.0.0.1', kind: 'state', service: 'WEB' },
  ...{ from: 'active/starting', to: 'active/started', operator: null, text: '' },
};

function counts(meters: Meters, family: FamilyName) {
  const { counts, counted } = meters.readings({});
  const packed = counted[family];
  return packed === undefined ? counts[family] : countsOf(packed);
}

test('a failover is counted by service and cause, and its outage measured', () => {
  const meters = new Meters();
  meters.happened(EVENT);
  meters.happened({ ...EVENT, kind: 'member', service: null, from: null, to: 'unreachable' });
  meters.happened({ ...EVENT, node: '10.0.0.2', at: '2026-01-01T00:00:00.400Z' });
  const { histograms } = meters.readings({});
  expect(counts(meters, 'srrd_failovers_total')).toEqual([[['WEB', 'node-lost'], 1]]);
  expect(histograms.srrd_failover_outage_seconds).toEqual([
    expect.objectContaining({ labels: ['node-lost'], sum: 0.4, count: 1, counts: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] }),
  ]);
  expect(counts(meters, 'srrd_events_total')).toEqual([
    [['state'], 2],
    [['member'], 1],
  ]);
});

test('primitives are measured, and checks counted for each service', () => {
  const meters = new Meters();
  meters.primitiveEnded('check', 'WEB', 'succeeded', 20);
  meters.primitiveEnded('check', 'WEB', 'failed', 400_000);
  const { histograms } = meters.readings({});
  expect(counts(meters, 'srrd_checks_total')).toEqual([
    [['WEB', 'succeeded'], 1],
    [['WEB', 'failed'], 1],
  ]);
  const [reading] = histograms.srrd_primitive_duration_seconds ?? [];
  expect(reading).toMatchObject({ labels: ['check'], sum: 400.02, count: 2 });
  expect(reading?.counts.reduce((sum, count) => sum + count, 0)).toBe(1);
});

test('leases renewed late and addresses lost are told apart, and are there before there are any', () => {
  const meters = new Meters();
  const late = () => counts(meters, 'srrd_lease_renewals_late_total');
  expect(late()).toEqual([[[], 0]]);
  meters.happened({ ...EVENT, kind: 'lease', service: null });
  meters.happened({ ...EVENT, kind: 'lease' });
  meters.happened({ ...EVENT, kind: 'lease' });
  expect(late()).toEqual([[[''], 1]]);
  expect(counts(meters, 'srrd_addresses_lost_total')).toEqual([[[''], 2]]);
});

test('services that come and go for ever do not fill the memory: what is beyond counts for none by name', () => {
  const meters = new Meters();
  for (let index = 0; index < MAX_LABELLED + 5; index++) meters.primitiveEnded('check', `S${index}`, 'succeeded', 1);
  const checks = counts(meters, 'srrd_checks_total') ?? [];
  expect(checks).toHaveLength(MAX_LABELLED + 1);
  expect(checks.at(-1)).toEqual([['', 'succeeded'], 5]);
});
