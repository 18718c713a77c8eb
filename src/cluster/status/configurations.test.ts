import { expect, test } from 'vitest';
import { heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';

test('the configuration of a service is told of this node and of those that announce it', () => {
  const here = testDefinition('WEB', { addresses: ['10.9.9.1'], preference: 50 });
  const there = testDefinition('WEB', { addresses: ['10.9.9.2'], preempt: false });
  const engine = testMember([here]);
  engine.handle(heardFromOther(serviceSaid(there, { preference: 200 })), 5_000);
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
