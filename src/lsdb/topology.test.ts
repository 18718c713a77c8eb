import { describe, expect, it } from 'vitest';
import { encodeBody } from '../lsa/index.js';
import { daemonAnnouncement, serviceAnnouncement } from './testing/announcements.js';
import { asbrSummaryLsa, externalLsa, networkLsa, opaqueLsa, read, routerLsa, summaryLsa } from './testing/lsas.js';
import { type TopologySource, topologySteps } from './topology.js';

const SERVICE = '172.16.15.1';
const GENERATED_AT = '2026-01-01T00:00:00.000Z';

function service(by: string, fields: Partial<typeof serviceAnnouncement> = {}, linkStateId = '222.0.0.1') {
  const { definition } = serviceAnnouncement;
  const announcement = {
    ...serviceAnnouncement,
    ...fields,
    definition: { ...definition, area: null, addresses: [SERVICE] },
  };
  return opaqueLsa(11, linkStateId, by, encodeBody(announcement, 'default'));
}

function topology(routerId: string | null, lsas: readonly Parameters<typeof read>[0][]) {
  return topologyOf({ generatedAt: GENERATED_AT, routerId, lsas: lsas.map(read) });
}

function topologyOf(source: TopologySource) {
  const steps = topologySteps(source);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** A and B on one Ethernet, C behind B. */
const ETHERNET = [
  routerLsa('10.0.0.1', ['transit 10.1.1.1 10', 'stub 10.0.0.1/32 0']),
  routerLsa('10.0.0.2', ['transit 10.1.1.1 10', 'point-to-point 10.0.0.3 5']),
  routerLsa('10.0.0.3', ['point-to-point 10.0.0.2 7', `stub ${SERVICE}/32 1`]),
  networkLsa('10.1.1.1', '10.0.0.1', 24, ['10.0.0.1', '10.0.0.2']),
];

describe('the topology', () => {
  it('has routers, networks, costs, and the path to a service', () => {
    const name = opaqueLsa(11, '222.0.1.0', '10.0.0.3', encodeBody(daemonAnnouncement, 'default'));
    const made = topology('10.0.0.1', [...ETHERNET, service('10.0.0.3'), name]);
    expect(made.routers.map(({ id, name: called, distance, stubs }) => [id, called, distance, stubs])).toEqual([
      ['10.0.0.1', null, 0, 1],
      ['10.0.0.2', null, 10, 0],
      ['10.0.0.3', 'alpha', 15, 1],
    ]);
    expect(made.networks).toMatchObject([{ id: '0.0.0.0/10.1.1.1', prefix: '10.1.1.0/24', distance: 10 }]);
    expect(made.links.map(({ from, to, cost, mutual }) => [from, to, cost, mutual])).toEqual([
      ['10.0.0.1', '0.0.0.0/10.1.1.1', 10, true],
      ['10.0.0.2', '0.0.0.0/10.1.1.1', 10, true],
      ['10.0.0.2', '10.0.0.3', 5, true],
      ['10.0.0.3', '10.0.0.2', 7, true],
      ['0.0.0.0/10.1.1.1', '10.0.0.1', 0, true],
      ['0.0.0.0/10.1.1.1', '10.0.0.2', 0, true],
    ]);
    expect(made.addresses).toEqual([
      {
        address: SERVICE,
        services: ['WEB'],
        startedAt: ['10.0.0.3'],
        announcedBy: [{ router: '10.0.0.3', lsa: '1_0.0.0.0_10.0.0.3_10.0.0.3' }],
        route: {
          kind: 'intra-area',
          prefix: `${SERVICE}/32`,
          cost: 16,
          path: ['10.0.0.1', '0.0.0.0/10.1.1.1', '10.0.0.2', '10.0.0.3'],
        },
      },
    ]);
  });

  it('does not use a link that the other end does not know', () => {
    const made = topology('10.0.0.1', [
      routerLsa('10.0.0.1', ['point-to-point 10.0.0.2 1']),
      routerLsa('10.0.0.2', [`stub ${SERVICE}/32 0`]),
      service('10.0.0.2'),
    ]);
    expect(made.links).toMatchObject([{ from: '10.0.0.1', to: '10.0.0.2', mutual: false }]);
    expect(made.routers.find(({ id }) => id === '10.0.0.2')?.distance).toBeNull();
    expect(made.addresses[0]?.route).toBeNull();
  });

  it('prefers its own area to others, and those to what is external', () => {
    const here = [
      routerLsa('10.0.0.1', ['point-to-point 10.0.0.2 1', 'point-to-point 10.0.0.3 1'], { flags: 0 }),
      routerLsa('10.0.0.2', ['point-to-point 10.0.0.1 1'], { flags: 3 }),
      service('10.0.0.9'),
    ];
    const far = routerLsa('10.0.0.3', ['point-to-point 10.0.0.1 1', `stub ${SERVICE}/32 500`]);
    const near = routerLsa('10.0.0.3', ['point-to-point 10.0.0.1 1']);
    const summary = summaryLsa(`${SERVICE}/32`, '10.0.0.2', 40);
    const external = externalLsa(`${SERVICE}/32`, '10.0.0.2', 1, 3);
    const route = (...more: typeof here) => topology('10.0.0.1', [...here, ...more]).addresses[0]?.route;
    expect(route(far, summary, external)).toMatchObject({ kind: 'intra-area', cost: 501 });
    expect(route(near, summary, external)).toMatchObject({
      kind: 'inter-area',
      cost: 41,
      path: ['10.0.0.1', '10.0.0.2'],
    });
    expect(route(near, external)).toMatchObject({ kind: 'external type 1', cost: 4 });
    expect(route(near, externalLsa(`${SERVICE}/32`, '10.0.0.2', 2, 20))).toMatchObject({
      kind: 'external type 2',
      cost: 20,
      path: ['10.0.0.1', '10.0.0.2'],
    });
    expect(route(near)).toBeNull();
  });

  it('reaches a boundary router of another area by way of the border, and a forwarding address where it is', () => {
    const lsas = [
      routerLsa('10.0.0.1', ['point-to-point 10.0.0.2 1', 'stub 10.5.0.0/16 4']),
      routerLsa('10.0.0.2', ['point-to-point 10.0.0.1 1'], { flags: 1 }),
      asbrSummaryLsa('10.0.0.77', '10.0.0.2', 9),
      service('10.0.0.77'),
    ];
    const route = (lsa: (typeof lsas)[0]) => topology('10.0.0.1', [...lsas, lsa]).addresses[0]?.route;
    expect(route(externalLsa(`${SERVICE}/32`, '10.0.0.77', 1, 2))).toMatchObject({
      cost: 12,
      path: ['10.0.0.1', '10.0.0.2', '10.0.0.77'],
    });
    expect(route(externalLsa(`${SERVICE}/32`, '10.0.0.77', 1, 2, '10.5.0.1'))).toMatchObject({
      cost: 6,
      path: ['10.0.0.1'],
    });
  });

  it('takes the longest prefix that is reached', () => {
    const made = topology('10.0.0.1', [
      routerLsa('10.0.0.1', ['point-to-point 10.0.0.2 1']),
      routerLsa('10.0.0.2', ['point-to-point 10.0.0.1 1', 'stub 172.16.0.0/16 1']),
      routerLsa('10.0.0.3', [`stub ${SERVICE}/32 1`]),
      service('10.0.0.3'),
    ]);
    expect(made.addresses[0]).toMatchObject({
      announcedBy: [{ router: '10.0.0.3' }],
      route: { prefix: '172.16.0.0/16', cost: 2 },
    });
  });

  it('believes the newest of several announcements of one replica', () => {
    const old = service('10.0.0.3', { sequence: { epoch: 1, counter: 7 } }, '222.1.0.1');
    const now = service('10.0.0.3', { sequence: { epoch: 1, counter: 8 }, runState: 'stopped', claim: 0 }, '222.2.0.1');
    expect(topology(null, [old, now]).addresses[0]?.startedAt).toEqual([]);
    expect(topology(null, [now, old]).addresses[0]?.startedAt).toEqual([]);
  });

  it('reaches nothing while there is no session with ospfd', () => {
    const made = topology(null, [...ETHERNET, service('10.0.0.3')]);
    expect(made.routers.map(({ distance }) => distance)).toEqual([null, null, null]);
    expect(made.addresses[0]?.route).toBeNull();
  });

  it('of 5,000 LSAs and 1,000 services takes well under a second', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `10.0.0.${index + 1}`);
    const lsas = ids.map((id, index) =>
      routerLsa(id, [
        `transit 10.1.1.1 10`,
        ...Array.from({ length: 20 }, (_, service) => `stub 172.16.${index}.${service}/32 0`),
      ]),
    );
    lsas.push(networkLsa('10.1.1.1', '10.0.0.1', 24, ids));
    for (let index = 0; index < 4000; index++) {
      lsas.push(
        externalLsa(`192.${168 + (index >> 12)}.${(index >> 4) & 255}.${(index & 15) << 4}/28`, '10.0.0.2', 2, 20),
      );
    }
    for (let index = 0; index < 1000; index++) {
      const { definition } = serviceAnnouncement;
      const addresses = [`172.16.${index % 50}.${Math.floor(index / 50)}`];
      const announcement = { ...serviceAnnouncement, definition: { ...definition, name: `S${index}`, addresses } };
      const by = ids[index % 50] ?? '';
      lsas.push(opaqueLsa(11, `222.0.${(index >> 8) + 2}.${index & 255}`, by, encodeBody(announcement, 'default')));
    }
    const readLsas = lsas.map(read);
    const begun = performance.now();
    const made = topologyOf({ generatedAt: GENERATED_AT, routerId: '10.0.0.1', lsas: readLsas });
    const ms = performance.now() - begun;
    console.log(`topology of ${lsas.length} LSAs: ${ms.toFixed(0)} ms`);
    expect(made.addresses.filter(({ route }) => route?.prefix.endsWith('/32'))).toHaveLength(1000);
    expect(ms).toBeLessThan(20_000);
  });
});
