import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSequence, type ServiceAnnouncement } from '../../model/announcement.js';
import { routerId } from '../../model/router-id.js';
import { testDefinition } from '../testing.js';
import { emptyView, knownNode, observeService, reachableReplicas, withdrawService } from './view.js';

const origin = routerId(7);

function announce(epoch: number, counter: number): ServiceAnnouncement {
  return {
    kind: 'service',
    sequence: { epoch, counter },
    definition: testDefinition('WEB'),
    preference: 100,
    runState: 'stopped',
    standby: false,
    joining: false,
    pinned: false,
    claim: 0,
    knownClaim: null,
    assent: null,
    failure: null,
    checkIntervalMs: 10_000,
    checkStamp: 0,
    definitionHash: '0123456789abcdef',
  };
}

describe('what is known of a replica', () => {
  const sequence = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 }));

  it('is the announcement with the highest epoch and counter, in whatever order they arrive', () => {
    fc.assert(
      fc.property(fc.array(sequence, { minLength: 1 }), (arrivals) => {
        const view = emptyView();
        for (const [epoch, counter] of arrivals)
          observeService(view, origin, '222.0.0.0', announce(epoch, counter), true);
        const highest = arrivals
          .map(([epoch, counter]) => ({ epoch, counter }))
          .sort(compareSequence)
          .at(-1);
        expect(view.replicas.get('WEB')?.get(origin)?.announcement.sequence).toEqual(highest);
      }),
    );
  });

  it('is withdrawn by the deletion of the newest only', () => {
    const view = emptyView();
    knownNode(view, origin).reachable = true;
    observeService(view, origin, '222.0.0.0', announce(1, 2), true);
    expect(withdrawService(view, origin, '222.0.0.0', 'WEB', { epoch: 1, counter: 1 })).toBe(false);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(1);
    expect(withdrawService(view, origin, '222.0.0.0', 'WEB', { epoch: 1, counter: 2 })).toBe(true);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(0);
  });

  it('is withdrawn by the deletion of the last LSA that carries the newest', () => {
    const view = emptyView();
    knownNode(view, origin).reachable = true;
    observeService(view, origin, '222.0.0.0', announce(1, 2), true);
    observeService(view, origin, '222.1.0.0', announce(1, 2), true);
    expect(withdrawService(view, origin, '222.0.0.0', 'WEB', { epoch: 1, counter: 2 })).toBe(false);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(1);
    expect(withdrawService(view, origin, '222.1.0.0', 'WEB', { epoch: 1, counter: 2 })).toBe(true);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(0);
  });

  it('is back when the same is flooded under another link state ID, after somebody else had deleted it', () => {
    const view = emptyView();
    knownNode(view, origin).reachable = true;
    observeService(view, origin, '222.0.0.0', announce(1, 2), true);
    withdrawService(view, origin, '222.0.0.0', 'WEB', { epoch: 1, counter: 2 });
    observeService(view, origin, '222.1.0.0', announce(1, 2), true);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(1);
    expect(withdrawService(view, origin, '222.1.0.0', 'WEB', { epoch: 1, counter: 2 })).toBe(true);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(0);
  });

  it('is not revived by an older announcement that arrives late', () => {
    const view = emptyView();
    knownNode(view, origin).reachable = true;
    observeService(view, origin, '222.0.0.0', announce(1, 2), true);
    withdrawService(view, origin, '222.0.0.0', 'WEB', { epoch: 1, counter: 2 });
    observeService(view, origin, '222.1.0.0', announce(1, 1), true);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(0);
    observeService(view, origin, '222.2.0.0', announce(1, 3), true);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(1);
  });

  it('is back, but unconfirmed, when the very LSA that was deleted is there again', () => {
    const view = emptyView();
    knownNode(view, origin).reachable = true;
    observeService(view, origin, '222.0.0.0', announce(1, 2), true);
    withdrawService(view, origin, '222.0.0.0', 'WEB', { epoch: 1, counter: 2 });
    expect(observeService(view, origin, '222.0.0.0', announce(1, 2), true)).toMatchObject({ confirmed: false });
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(1);
  });

  it('counts only while its origin is reachable', () => {
    const view = emptyView();
    observeService(view, origin, '222.0.0.0', announce(1, 1), true);
    expect([...reachableReplicas(view, 'WEB')]).toHaveLength(0);
  });
});
