import { expect, test, vi } from 'vitest';
import { Engine } from '../../cluster/index.js';
import { TEST_SETTINGS, testDefinition } from '../../cluster/testing.js';
import { routerId, type Sequence } from '../../model/index.js';
import type { ProcessStatus } from '../status-document.js';
import { TEST_STATUS } from '../testing.js';
import type { StatusChange } from './status-change.js';
import { SLICE_MS, StatusWatch } from './status-watch.js';

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
    persistedNode: { epoch: 1, standby: false, issuers: [] },
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
        knownClaim: null,
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

function watchOf(engine: Engine): StatusWatch {
  const source = {
    head: () => ({
      ...engine.statusHead(),
      nodes: shownNodes(engine),
      ending: null,
      problems: [],
      duplicateRouterIds: [],
    }),
    serviceNames: () => engine.serviceNames(),
    service: (name: string) => engine.serviceStatus(name),
  };
  return new StatusWatch(source, { onError });
}

function shownNodes(engine: Engine) {
  return engine.statusHead().nodes.map((node) => ({ ...node, webDoubt: null }));
}

function onError(error: unknown): never {
  throw error;
}

/** What is told, one after the other. */
function told(watch: Pick<StatusWatch, 'watch'>) {
  const changes: StatusChange[] = [];
  const end = watch.watch((change) => void changes.push(change));
  return { changes, end, next: (count: number) => vi.waitFor(() => expect(changes).toHaveLength(count), 20_000) };
}

const PROCESS: ProcessStatus = TEST_STATUS.process;

test('of 1,000 services a look tells the one that has changed', async () => {
  const engine = largeCluster();
  const watch = watchOf(engine);
  const { changes, next, end } = told(watch);
  await next(1);
  const [first] = changes;
  expect(first).toMatchObject({ complete: true, removed: [], head: { node: { name: 'alpha' } } });
  expect([...(first?.services.values() ?? [])].map((json) => JSON.parse(json))).toEqual(engine.status().services);

  announce(engine, 2, { epoch: 1, counter: 2000 }, testDefinition('S7', { addresses: ['172.16.0.7'] }), 'started');
  watch.changed();
  await next(2);
  expect(changes[1]).toMatchObject({ complete: false, removed: [] });
  expect([...(changes[1]?.services.keys() ?? [])]).toEqual(['S7']);
  end();
});

test('the document is the status, and nobody need watch', async () => {
  const engine = largeCluster();
  const watch = watchOf(engine);
  const document = async () => JSON.parse(await watch.document(() => PROCESS));
  expect(await document()).toEqual({ ...engine.status(), nodes: shownNodes(engine), process: PROCESS });
  announce(engine, 2, { epoch: 1, counter: 2000 }, testDefinition('S7', { addresses: ['172.16.0.7'] }), 'started');
  watch.changed();
  expect(await document()).toEqual({ ...engine.status(), nodes: shownNodes(engine), process: PROCESS });
});

test('a look gives way to other work every few ms', async () => {
  const source = slowSource();
  const watch = new StatusWatch(source, { onError, now: () => source.clockMs });
  const looked = watch.document(() => PROCESS);
  await Promise.resolve();
  for (let turn = 1; turn <= SERVICES / SLICE_MS; turn++) {
    await vi.waitFor(() => expect(source.looks).toBeGreaterThan(0), 20_000);
    expect(source.looks).toBe(turn * SLICE_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(JSON.parse(await looked).services).toHaveLength(SERVICES);
});

test('all who ask before a look begins get the same, and who asks when nothing has happened needs none', async () => {
  const source = slowSource();
  let clockMs = 0;
  const watch = new StatusWatch(source, { onError, now: () => clockMs });
  const ask = () => watch.document(() => PROCESS);
  await Promise.all(Array.from({ length: 20 }, ask));
  expect(source.looks).toBe(SERVICES);
  await ask();
  expect(source.looks).toBe(SERVICES);
  watch.changed();
  await ask();
  expect(source.looks).toBe(2 * SERVICES);
  clockMs += 2000;
  await ask();
  expect(source.looks).toBe(3 * SERVICES);
});

test('who is slow is told what has changed meanwhile at once, and holds nobody up', async () => {
  const engine = largeCluster();
  const watch = watchOf(engine);
  const quick = told(watch);
  const slow: StatusChange[] = [];
  let take = () => {};
  const endSlow = watch.watch((change) => {
    slow.push(change);
    return new Promise((resolve) => {
      take = resolve;
    });
  });
  await quick.next(1);
  for (const [index, name] of ['S1', 'S2', 'S1'].entries()) {
    const definition = testDefinition(name, { addresses: [`172.16.0.${name.slice(1)}`] });
    announce(engine, 2, { epoch: 1, counter: 2000 + index }, definition, index === 2 ? 'stopped' : 'started');
    watch.changed();
    await quick.next(2 + index);
  }
  expect(slow).toHaveLength(1);
  take();
  await vi.waitFor(() => expect(slow).toHaveLength(2), 20_000);
  expect([...(slow[1]?.services.keys() ?? [])].sort()).toEqual(['S1', 'S2']);
  expect(slow[1]?.services.get('S1')).toBe(quick.changes.at(-1)?.services.get('S1'));
  quick.end();
  endSlow();
});

/** 1,000 services; to look at one takes 1 ms of its clock. */
function slowSource() {
  const [service] = TEST_STATUS.services;
  const source = {
    clockMs: 0,
    looks: 0,
    head: () => ({
      node: TEST_STATUS.node,
      ospf: TEST_STATUS.ospf,
      nodes: [],
      ending: null,
      problems: [],
      duplicateRouterIds: [],
    }),
    serviceNames: () => Array.from({ length: SERVICES }, (_, index) => `S${index}`),
    service: () => {
      source.clockMs += 1;
      source.looks += 1;
      return service;
    },
  };
  return source;
}
