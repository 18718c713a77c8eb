import { describe, expect, it } from 'vitest';
import type { ServiceAnnouncement } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import { groupState } from '../group/members.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';
import { observeService } from '../view/view.js';
import { gateClosedBy, unconfirmedReplica } from './gate.js';

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
    if (node !== undefined) node.probed = true;
    const answer = daemonSaid({ digest: { services: 1, counters: 1 } });
    engine.handle(heardFromOther(answer, '222.0.1.0'), 16_000);
    expect(gateClosedBy(engine.state, 'DISK')).toMatchObject({ node: OTHER, why: 'says started' });
  });

  it('stays closed by a holder without a route that takes it for a service', () => {
    const engine = testMember([DISK]);
    const definition = testDefinition('DISK', { kind: 'service' });
    engine.handle(heardFromOther(serviceSaid(definition, { runState: 'started' })), 5_000);
    const observed = engine.state.view.replicas.get('DISK')?.get(OTHER);
    if (observed !== undefined) observed.routeless = true;
    expect(gateClosedBy(engine.state, 'DISK')).toMatchObject({ node: OTHER, why: 'says started' });
  });

  const mistaken = testDefinition('DISK', { kind: 'service', handover: 'overlap' });

  it('stays closed by a holder that takes it for a service and hands it over with overlap', () => {
    const engine = testMember([DISK]);
    groupState(engine.state, 'DISK').owner = engine.state.self;
    const said = serviceSaid(mistaken, { runState: 'started' });
    observeService(engine.state.view, OTHER, '222.0.3.1', said as ServiceAnnouncement, true);
    expect(gateClosedBy(engine.state, 'DISK')).toMatchObject({ node: OTHER, why: 'says started' });
  });

  it('stays closed by what a node that takes it for a service said before it was reachable', () => {
    const engine = testMember([DISK]);
    engine.handle({ type: 'routes', origin: OTHER, addresses: [] }, 5_000);
    engine.handle(heardFromOther(serviceSaid(mistaken)), 5_000);
    engine.handle({ type: 'reachability', added: [], removed: [OTHER] }, 6_000);
    engine.handle({ type: 'reachability', added: [OTHER], removed: [] }, 7_000);
    expect(unconfirmedReplica(engine.state, 'DISK')).toBe(OTHER);
  });

  it('stays closed where a node that takes it for a service could not stop it, also when its daemon has died', () => {
    const engine = testMember([DISK]);
    const failure = { code: 'stop-failed', reason: '' } as const;
    engine.handle(heardFromOther(serviceSaid(mistaken, { runState: 'failed', failure })), 5_000);
    expect(gateClosedBy(engine.state, 'DISK')?.why).toContain('failed to stop it');
    const subject = { kind: 'service', service: 'DISK' } as const;
    const sequence = { epoch: 1, counter: 1 };
    engine.handle({ type: 'withdrawal', origin: OTHER, lsaId: '222.0.3.1', subject, sequence }, 6_000);
    expect(gateClosedBy(engine.state, 'DISK')?.why).toContain('held it when its daemon fell silent');
  });
});

describe('the gate of a service', () => {
  const web = testDefinition('WEB');
  const old = testDefinition('OLD');

  it.each([
    { runState: 'stopping', joining: true, why: 'says stopping' },
    { runState: 'started', joining: false, why: 'says started' },
  ] as const)('is closed by another service that has its address and $why', ({ runState, joining, why }) => {
    const engine = testMember([web]);
    engine.handle(heardFromOther(serviceSaid(old, { runState, joining })), 5_000);
    expect(gateClosedBy(engine.state, 'WEB')).toMatchObject({ node: OTHER, why: `has its address in OLD, and ${why}` });
    const stopped = serviceSaid(old, { sequence: { epoch: 1, counter: 2 } });
    engine.handle(heardFromOther(stopped), 5_000);
    expect(gateClosedBy(engine.state, 'WEB')).toBeNull();
  });

  it('is closed by what another service with its address said before its node was reachable', () => {
    const engine = testMember([web]);
    engine.handle(heardFromOther(serviceSaid(old, { runState: 'started' })), 5_000);
    engine.handle({ type: 'reachability', added: [], removed: [OTHER] }, 6_000);
    expect(gateClosedBy(engine.state, 'WEB')).toBeNull();
    engine.handle({ type: 'reachability', added: [OTHER], removed: [] }, 7_000);
    expect(gateClosedBy(engine.state, 'WEB')).toMatchObject({ node: OTHER });
    expect(unconfirmedReplica(engine.state, 'WEB')).toBe(OTHER);
  });

  it('is closed by an address that is still up here for another service', () => {
    const engine = testMember([web, old]);
    const replica = engine.state.replicas.get('OLD');
    if (replica !== undefined) replica.alias = 'up';
    expect(gateClosedBy(engine.state, 'WEB')).toMatchObject({ node: 2, why: 'still has 192.0.2.1 up for OLD' });
  });
});
