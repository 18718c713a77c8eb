import { describe, expect, it } from 'vitest';
import { gateClosedBy } from './gate.js';
import { routerId } from './router-id.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from './testing.js';

const OTHER = routerId(1);
const DISK = testDefinition('DISK', { kind: 'resource' });

describe('the gate of a resource', () => {
  it('stays closed while one LSA says that another node holds it, though another that says the same is deleted', () => {
    const engine = testMember([DISK]);
    const said = serviceSaid(DISK, { runState: 'started' });
    engine.handle(heardFromOther(said, '222.0.0.0'), 5_000);
    engine.handle(heardFromOther(said, '222.1.0.0'), 5_000);
    const subject = { kind: 'service', service: 'DISK' } as const;
    engine.handle(
      { type: 'withdrawal', origin: OTHER, lsaId: '222.0.0.0', subject, sequence: { epoch: 1, counter: 1 } },
      16_000,
    );
    expect(gateClosedBy(engine.state, 'DISK')).toMatchObject({ node: OTHER, why: 'says started' });
    // Its daemon answers. A resource that it had withdrawn would be free now.
    const node = engine.state.view.nodes.get(OTHER);
    if (node !== undefined) node.questioned = true;
    const answer = daemonSaid({ tally: { services: 1, counters: 1 } });
    engine.handle(heardFromOther(answer, '222.0.1.0'), 16_000);
    expect(gateClosedBy(engine.state, 'DISK')).toMatchObject({ node: OTHER, why: 'says started' });
  });
});
