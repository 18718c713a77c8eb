import { expect, test } from 'vitest';
import { heardFromOther, serviceSaid, testDefinition, testMember } from './testing.js';

test('a member that joins a group has the highest claim that was known of it on disk', () => {
  const engine = testMember([]);
  const web = testDefinition('WEB');
  engine.handle(heardFromOther(serviceSaid(web, { runState: 'started', claim: 5 })), 6_000);
  const effects = engine.handle({ type: 'configure', definitions: [web] }, 7_000);
  expect(effects).toContainEqual({
    type: 'persist-service',
    service: 'WEB',
    record: expect.objectContaining({ highestClaim: 5 }),
  });
});
