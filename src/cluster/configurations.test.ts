import { expect, test } from 'vitest';
import { Engine } from './engine.js';
import { routerId } from './router-id.js';
import { TEST_SETTINGS, testDefinition } from './testing.js';

test('the configuration of a service is told of this node and of those that announce it', () => {
  const engine = new Engine(TEST_SETTINGS);
  const here = testDefinition('WEB', { addresses: ['10.9.9.1'], preference: 50 });
  const there = testDefinition('WEB', { addresses: ['10.9.9.2'], preempt: false });
  engine.handle(
    {
      type: 'begin',
      definitions: [here],
      persistedNode: { epoch: 1, standby: false },
      persistedServices: new Map(),
      unixSeconds: 1_700_000_000,
    },
    0,
  );
  engine.handle({ type: 'connected', routerId: routerId(2) }, 0);
  engine.handle({ type: 'reachability', added: [routerId(1)], removed: [] }, 0);
  engine.handle(
    {
      type: 'announcement',
      origin: routerId(1),
      lsaId: '222.0.3.1',
      ageSeconds: 1,
      announcement: {
        kind: 'service',
        sequence: { epoch: 1, counter: 1 },
        definition: there,
        preference: 200,
        runState: 'stopped',
        standby: false,
        joining: false,
        pinned: false,
        claim: 0,
        assent: null,
        failure: null,
        checkIntervalMs: 10_000,
        checkStamp: 0,
        definitionHash: '00112233445566aa',
      },
    },
    0,
  );
  expect(engine.configurations('WEB')).toEqual([
    {
      routerId: '0.0.0.1',
      preference: 200,
      hash: '00112233445566aa',
      shared: expect.objectContaining({ addresses: ['10.9.9.2'], preempt: false, kind: 'service' }),
    },
    {
      routerId: '0.0.0.2',
      preference: 50,
      hash: here.hash,
      shared: expect.objectContaining({ addresses: ['10.9.9.1'], preempt: true }),
    },
  ]);
  expect(engine.configurations('NONE')).toEqual([]);
});
