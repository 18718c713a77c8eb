import { expect, test } from 'vitest';
import { Engine, routerId, type Sequence } from '../../cluster/index.js';
import { TEST_SETTINGS, testDefinition } from '../../cluster/testing.js';
import { TEST_STATUS } from '../testing.js';
import { SLICE_MS, StatusFeed } from './status-feed.js';

const SERVICES = 1000;

/** A member of a cluster of three nodes that all have these services. */
function largeCluster(): Engine {
  const engine = new Engine(TEST_SETTINGS);
  const definitions = Array.from({ length: SERVICES }, (_, index) =>
    testDefinition(`S${index}`, { addresses: [`172.16.${index >> 8}.${index & 255}`] }),
  );
  const handle = (event: Parameters<Engine['handle']>[0]) => engine.handle(event, 0);
  handle({
    type: 'begin',
    definitions,
    persistedNode: { epoch: 1, standby: false },
    persistedServices: new Map(),
    unixSeconds: 1_700_000_000,
  });
  handle({ type: 'connected', routerId: routerId(1) });
  handle({ type: 'neighbours', full: 2 });
  handle({ type: 'reachability', added: [routerId(2), routerId(3)], removed: [] });
  for (const origin of [2, 3]) {
    for (const [index, definition] of definitions.entries()) {
      announce(engine, origin, { epoch: 1, counter: index + 1 }, definition, 'stopped');
    }
  }
  handle({ type: 'synced' });
  return engine;
}

function announce(
  engine: Engine,
  origin: number,
  sequence: Sequence,
  definition: ReturnType<typeof testDefinition>,
  runState: 'stopped' | 'started',
): void {
  engine.handle(
    {
      type: 'announcement',
      origin: routerId(origin),
      lsaId: '222.0.3.1',
      ageSeconds: 1,
      announcement: {
        kind: 'service',
        sequence,
        definition,
        preference: 100,
        runState,
        standby: false,
        joining: false,
        pinned: false,
        claim: runState === 'started' ? 7 : 0,
        assent: null,
        failure: null,
        checkIntervalMs: 10_000,
        checkStamp: 0,
        definitionHash: definition.hash,
      },
    },
    0,
  );
}

function feedOf(engine: Engine): StatusFeed {
  return new StatusFeed({
    head: () => ({ ...engine.statusHead(), ending: null }),
    serviceNames: () => engine.serviceNames(),
    service: (name) => engine.serviceStatus(name),
  });
}

test('of 1,000 services a look tells the one that has changed', async () => {
  const engine = largeCluster();
  const feed = feedOf(engine);
  await feed.look();
  const complete = JSON.parse(feed.complete());
  expect(complete).toMatchObject({ complete: true, removed: [], node: { name: 'alpha' } });
  expect(complete.services).toEqual(engine.status().services);
  expect(complete.services).toHaveLength(SERVICES);

  announce(engine, 2, { epoch: 1, counter: 2000 }, testDefinition('S7', { addresses: ['172.16.0.7'] }), 'started');
  const { delta } = await feed.look();
  const told = JSON.parse(delta ?? 'null');
  expect(told.services.map(({ name }: { name: string }) => name)).toEqual(['S7']);
  expect((await feed.look()).delta).toBe(null);
});

test('a look gives way to other work every few ms', async () => {
  const [service] = TEST_STATUS.services;
  let clockMs = 0;
  let looks = 0;
  const source = {
    head: () => ({ ...TEST_STATUS, ending: null }),
    serviceNames: () => Array.from({ length: SERVICES }, (_, index) => `S${index}`),
    service: () => {
      clockMs += 1;
      looks += 1;
      return service;
    },
  };
  const looked = new StatusFeed(source, () => clockMs).look().then(() => true);
  for (let turn = 1; turn <= SERVICES / SLICE_MS; turn++) {
    expect(looks).toBe(turn * SLICE_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await looked).toBe(true);
});
