import { expect, test } from 'vitest';
import type { RevocationNumber } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import { PLAIN_DAEMON } from '../../model/testing.js';
import { Engine } from '../engine.js';
import type { Event } from '../state/event.js';
import { TEST_SETTINGS } from '../testing.js';
import { revocationHolders } from './revocations.js';

const LISTS: RevocationNumber[] = [{ authority: '0123456789abcdef', number: 7 }];
const [SELF, OTHER] = [routerId(1), routerId(2)];

function started(): Engine {
  const engine = new Engine(TEST_SETTINGS);
  const events: Event[] = [
    {
      type: 'begin',
      definitions: [],
      persistedNode: { epoch: 0, standby: false, issuers: [] },
      persistedServices: new Map(),
      unixSeconds: 100,
    },
    { type: 'connected', routerId: SELF },
    { type: 'synced' },
    { type: 'neighbours', full: 1 },
    { type: 'reachability', added: [OTHER], removed: [] },
  ];
  for (const event of events) engine.handle(event, 0);
  return engine;
}

function daemonOf(managementAddresses: string[], revocations: RevocationNumber[]): Event {
  const announcement = { ...PLAIN_DAEMON, hostName: 'beta', managementAddresses, managementPort: 8443, revocations };
  return { type: 'announcement', origin: OTHER, lsaId: '222.0.1.0', ageSeconds: 1, announcement };
}

test('a node tells the others which revocation lists it has, once for each change', () => {
  const engine = started();
  const announced = (lists: RevocationNumber[]) =>
    engine.handle({ type: 'revocations', lists }, 1).flatMap((effect) => {
      if (effect.type !== 'announce' || effect.announcement.kind !== 'daemon') return [];
      return [effect.announcement.revocations];
    });
  expect(announced(LISTS)).toEqual([LISTS]);
  expect(announced([...LISTS])).toEqual([]);
});

test('lists can be had from nodes that are reachable, have a web server, and told of lists', () => {
  const engine = started();
  engine.handle(daemonOf(['10.0.0.2'], LISTS), 1);
  expect(revocationHolders(engine.state)).toEqual([{ node: OTHER, addresses: ['10.0.0.2'], port: 8443, lists: LISTS }]);
  engine.handle({ type: 'reachability', added: [], removed: [OTHER] }, 2);
  expect(revocationHolders(engine.state)).toEqual([]);
});

test.each([
  { addresses: [], lists: LISTS },
  { addresses: ['10.0.0.2'], lists: [] },
])('a node with web addresses $addresses and lists $lists is not asked', ({ addresses, lists }) => {
  const engine = started();
  engine.handle(daemonOf(addresses, lists), 1);
  expect(revocationHolders(engine.state)).toEqual([]);
});
