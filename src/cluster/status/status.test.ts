import { expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import { heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';
import { describeService } from './status.js';

it('names the vanished holder of what it called a resource, also where it is a service', () => {
  const engine = testMember([testDefinition('DISK')]);
  const theirs = testDefinition('DISK', { kind: 'resource', addresses: [] });
  engine.handle(heardFromOther(serviceSaid(theirs, { runState: 'started', claim: 1 })), 6_000);
  const subject = { kind: 'service', service: 'DISK' } as const;
  const origin = routerId(1);
  engine.handle({ type: 'withdrawal', origin, lsaId: '222.0.3.1', subject, sequence: { epoch: 1, counter: 1 } }, 7_000);
  expect(describeService(engine.state, 'DISK')?.waitsForHolders).toEqual(['0.0.0.1']);
});
