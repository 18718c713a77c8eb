import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../events/index.js';
import { FAMILIES, Meters } from '../../metrics/index.js';
import type { StatusDocument } from '../status-document.js';
import { TEST_STATUS } from '../testing.js';
import { expose } from './expose.js';
import { largeStatus } from './testing.js';

const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
const NO_CERTIFICATES = { own: null, cas: [] };

async function textOf(status: StatusDocument, meters = new Meters()): Promise<string> {
  return (await expose(status, meters.readings({}), NO_CERTIFICATES)).text;
}

const samples = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('docs/metrics.md lists every metric, with its type, labels and help', () => {
  const rows = Object.entries(FAMILIES).map(
    ([name, { type, labels, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  expect(page.match(/^\| `(?:srrd|process)_\w+` \| .*$/gm)).toEqual(rows);
});

test('names and units are those of Prometheus: base units, and _total for what only grows', () => {
  for (const [name, { type }] of Object.entries(FAMILIES)) {
    expect(name).toMatch(/^(srrd|process)_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|percent|kb|mb)(_|$)/);
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
  }
});

test('the states of all replicas, the owner, nodes and certificates are told', async () => {
  const status: StatusDocument = {
    ...largeStatus(1),
    process: { ...TEST_STATUS.process, eventLoopDelayMs: 12, problems: ['a', 'b'] },
  };
  const own = { subject: 'CN="a\\b"', issuer: '', serial: '0A', notBefore: '', notAfter: '2027-01-01T00:00:00.000Z' };
  const certificates = { own: { ...own, fingerprint: '' }, cas: [] };
  const { text, contentType } = await expose(status, new Meters().readings({}), certificates);
  expect(contentType).toContain('text/plain; version=0.0.4');
  expect(samples(text)).toEqual(
    expect.arrayContaining([
      'srrd_service_owner{service="S0",router_id="10.0.0.1",node="node1"} 1',
      'srrd_service_available{service="S0"} 1',
      'srrd_replica_state{service="S0",router_id="10.0.0.2",node="node2",state="stopped"} 1',
      'srrd_node_reachable{router_id="10.0.0.3",node="node3"} 1',
      'srrd_event_loop_delay_max_seconds 0.012',
      'srrd_problems 2',
      'srrd_certificate_expiry_timestamp_seconds{kind="own",subject="CN=\\"a\\\\b\\"",serial="0A"} 1798761600',
    ]),
  );
  expect(text).toContain('# TYPE srrd_failovers_total counter');
});

test('a histogram counts up to each bound, and all', async () => {
  const meters = new Meters();
  for (const ms of [20, 30, 400_000]) meters.primitiveEnded('start', 'WEB', 'succeeded', ms);
  const lines = samples(await textOf(TEST_STATUS, meters));
  expect(lines).toContain('srrd_primitive_duration_seconds_bucket{primitive="start",le="0.025"} 1');
  expect(lines).toContain('srrd_primitive_duration_seconds_bucket{primitive="start",le="300"} 2');
  expect(lines).toContain('srrd_primitive_duration_seconds_bucket{primitive="start",le="+Inf"} 3');
  expect(lines).toContain('srrd_primitive_duration_seconds_count{primitive="start"} 3');
});

describe('with 1,000 services of three replicas', () => {
  const status = largeStatus(1000);
  let meters: Meters;

  beforeAll(() => {
    meters = new Meters();
  });

  test('there are as many series as docs/metrics.md says', async () => {
    const lines = samples(await textOf(status));
    expect(lines.filter((line) => line.includes('service='))).toHaveLength(5000);
    expect(lines.length).toBeLessThan(5050);
    expect(page).toContain('5,000 series and about 50 more');
  });

  test('and however much fails, not more than it promises', async () => {
    const event = { seq: 1, at: '2026-01-01T00:00:00.000Z', kind: 'state', operator: null, text: '' } as const;
    const moves: Partial<ClusterEvent>[] = [
      { kind: 'failure', to: 'active/failed' },
      { kind: 'state', to: null },
      { kind: 'state', to: 'active/stopping' },
    ];
    for (let index = 0; index < 6000; index++) {
      const service = `S${index % 2000}`;
      const started = { ...event, service, from: 'active/starting', to: 'active/started' };
      meters.happened({ ...started, node: '10.0.0.1' });
      meters.happened({
        ...event,
        service,
        node: '10.0.0.1',
        from: 'active/started',
        to: null,
        ...moves[Math.floor(index / 2000)],
      });
      meters.happened({ ...started, node: '10.0.0.2' });
      for (const primitive of [
        'start',
        'stop',
        'check',
        'activate',
        'deactivate',
        'reload',
        'restart',
        'join',
        'leave',
        'failed',
        'status',
      ]) {
        for (const result of ['succeeded', 'failed', 'timed-out', 'recall', 'killed']) {
          meters.primitiveEnded(primitive, service, result, 1);
        }
      }
    }
    const lines = samples(await textOf(status, meters));
    expect(lines.length).toBeGreaterThan(13_000);
    expect(lines.length).toBeLessThan(14_000);
    expect(page).toMatch(/never has more than\s+14,000 series/);
  });
});
