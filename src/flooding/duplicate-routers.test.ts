import { encodeLsaBody, ipv4, parseIpv4, type RouterLink } from 'ospfapi-shim';
import { beforeEach, expect, test } from 'vitest';
import { DuplicateRouters } from './duplicate-routers.js';
import { lsaInstance } from './testing/fake-ospfd.js';
import { ManualClock } from './testing/manual-clock.js';
import { address, OTHER } from './testing/world.js';

let clock: ManualClock;
let duplicates: DuplicateRouters;

beforeEach(() => {
  clock = new ManualClock();
  duplicates = new DuplicateRouters(clock);
});

/** The Router LSA of a router with these interfaces on links to others, and this service. */
function says(interfaces: readonly string[], service = '192.0.2.1') {
  const link = (type: 'transit' | 'stub', id: string, data: string): RouterLink => ({
    type,
    typeNumber: type === 'transit' ? 2 : 3,
    id: address(id),
    data: address(data),
    metric: 10,
    tosMetrics: [],
  });
  const links = [
    ...interfaces.map((each) => link('transit', '10.1.1.1', each)),
    link('stub', service, '255.255.255.255'),
  ];
  const flags = { flags: 0, virtualLinkEndpoint: false, asBoundaryRouter: false, areaBorderRouter: false };
  const body = encodeLsaBody({ kind: 'router', ...flags, links });
  return duplicates.arrived(
    lsaInstance({ type: 1, linkStateId: OTHER, advertisingRouter: OTHER, body, area: parseIpv4('0.0.0.0') ?? ipv4(0) }),
  );
}

test('a Router LSA that goes to and fro between two interfaces is two routers', async () => {
  const told = [];
  for (let turn = 0; turn < 6; turn++) {
    told.push(says([turn % 2 === 0 ? '10.1.1.11' : '10.1.2.99']));
    await clock.advance(5_000);
  }
  const found = { router: OTHER, interfaces: ['10.1.1.11', '10.1.2.99'] };
  expect(told.filter(Boolean)).toEqual([{ ...found, isNew: true }]);
  expect(duplicates.current()).toEqual([found]);
});

test('it is told again every 30 s while it goes on, and is new when it has been over', async () => {
  const told: boolean[] = [];
  const fight = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      for (const each of ['10.1.1.11', '10.1.2.99']) {
        const found = says([each]);
        if (found !== undefined) told.push(found.isNew);
      }
      await clock.advance(1_000);
    }
  };
  await fight(70);
  expect(told).toEqual([true, false, false]);
  await clock.advance(300_000);
  expect(duplicates.current()).toEqual([]);
  await fight(10);
  expect(told).toEqual([true, false, false, true]);
});

test.each([
  ['an interface that flaps', [['10.1.1.11', '10.1.2.11'], ['10.1.1.11']]],
  ['a router that loses all its neighbours again and again', [['10.1.1.11'], []]],
  [
    'interfaces of which now one is up and now another, with neither in between',
    [['10.1.1.11'], [], ['10.1.2.11'], []],
  ],
])('%s is one router', (_, turns) => {
  for (let turn = 0; turn < 100; turn++) expect(says(turns[turn % turns.length]!)).toBeUndefined();
});

test('a service that moves to and fro is one router', () => {
  for (let turn = 0; turn < 100; turn++) expect(says(['10.1.1.11'], `192.0.2.${turn % 2}`)).toBeUndefined();
});

test('going to and fro slowly is one router whose cable is moved', async () => {
  for (let turn = 0; turn < 10; turn++) {
    expect(says([turn % 2 === 0 ? '10.1.1.11' : '10.1.2.99'])).toBeUndefined();
    await clock.advance(40_000);
  }
});
