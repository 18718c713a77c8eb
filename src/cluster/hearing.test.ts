import { describe, expect, it } from 'vitest';
import { routerId } from '../model/router-id.js';
import type { Engine } from './engine.js';
import type { ReplicaStatus } from './status/status.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from './testing.js';

const OTHER = routerId(1);
const WEB = testDefinition('WEB');

describe('what a daemon says of its node', () => {
  it('is what its newest announcement says, whichever arrives last', () => {
    const engine = testMember([]);
    engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: 3 }, standby: true })), 5_000);
    engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: 2 }, standby: false })), 5_000);
    expect(other(engine)).toMatchObject({ standby: true, reachable: true });
  });

  it('is withdrawn by the deletion of the newest only', () => {
    const engine = testMember([]);
    engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: 3 } })), 5_000);
    engine.handle(deletedAt(2), 5_000);
    expect(other(engine)).toMatchObject({ reachable: true });
    engine.handle(deletedAt(3), 5_000);
    expect(other(engine)).toMatchObject({ reachable: false });
  });

  it('is not withdrawn by the deletion of one of two LSAs that both carry it', () => {
    const engine = testMember([]);
    const said = daemonSaid({ sequence: { epoch: 1, counter: 3 } });
    engine.handle(heardFromOther(said, '222.0.1.0'), 5_000);
    engine.handle(heardFromOther(said, '222.1.1.0'), 5_000);
    engine.handle(deletedAt(3, '222.0.1.0'), 16_000);
    expect(other(engine)).toMatchObject({ reachable: true });
    engine.handle(deletedAt(3, '222.1.1.0'), 16_000);
    expect(other(engine)).toMatchObject({ reachable: false });
  });
});

describe('what was known before a session with ospfd ended', () => {
  it('is confirmed by what the daemon says then, not by what it had said before', () => {
    const engine = testMember([WEB]);
    engine.handle(heardFromOther(serviceSaid(WEB)), 5_000);
    engine.handle(heardFromOther(daemonSaid()), 5_000);
    expect(replica(engine)?.notCounted).toBeNull();

    engine.handle({ type: 'disconnected', reason: 'test' }, 6_000);
    engine.handle({ type: 'connected', routerId: routerId(2) }, 7_000);
    engine.handle({ type: 'reachability', added: [OTHER], removed: [] }, 7_000);
    engine.handle({ type: 'synced' }, 7_000);
    engine.handle(heardFromOther(serviceSaid(WEB)), 7_000);
    engine.handle(heardFromOther(daemonSaid()), 7_000);
    expect(replica(engine)?.notCounted).toMatch('not confirmed yet');

    engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: 3 } })), 7_000);
    expect(replica(engine)?.notCounted).toBeNull();
  });
});

function deletedAt(counter: number, lsaId = '222.0.3.1'): Parameters<Engine['handle']>[0] {
  const sequence = { epoch: 1, counter };
  return { type: 'withdrawal', origin: OTHER, lsaId, subject: { kind: 'daemon' }, sequence };
}

function other(engine: Engine): unknown {
  return engine.status().nodes.find(({ routerId }) => routerId === '0.0.0.1');
}

function replica(engine: Engine): ReplicaStatus | undefined {
  return engine.serviceStatus('WEB')?.replicas.find(({ routerId }) => routerId === '0.0.0.1');
}
