import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import { testDefinition } from '../testing.js';
import { type Candidate, compareCandidates, electOwner } from './election.js';
import type { NodeFacts, ReplicaFacts } from './facts.js';

const web = testDefinition('WEB');

function replica(change: Partial<ReplicaFacts> = {}): ReplicaFacts {
  return {
    definition: web,
    preference: 100,
    runState: 'stopped',
    standby: false,
    joining: false,
    claim: 0,
    pinned: false,
    bar: null,
    ...change,
  };
}

function node(id: number, change: Partial<ReplicaFacts> = {}, standby = false): NodeFacts {
  return { id: routerId(id), standby, replicas: new Map([['WEB', replica(change)]]) };
}

const owner = (...nodes: NodeFacts[]): number | undefined =>
  electOwner(nodes, nodes[0]?.replicas.values().next().value?.definition.group ?? '')?.id;

describe('the owner of a group of one', () => {
  it('is the highest router ID when all else is equal, compared without a sign', () => {
    expect(owner(node(1), node(0x8000_0000), node(2))).toBe(0x8000_0000);
  });

  it('is who owns it already, when preferences are equal', () => {
    expect(owner(node(1, { claim: 1, runState: 'started' }), node(2))).toBe(1);
  });

  it('is of two owners the one with the later claim', () => {
    expect(owner(node(1, { claim: 3 }), node(2, { claim: 2 }))).toBe(1);
  });

  it('is the preferred node, even if another owns it', () => {
    expect(owner(node(1, { preference: 200 }), node(2, { claim: 5 }))).toBe(1);
  });

  it('stays with its owner against a preferred node with preempt: false', () => {
    const definition = { ...web, preempt: false };
    expect(owner(node(1, { preference: 200, definition }), node(2, { claim: 5, definition }))).toBe(2);
  });

  it('is the pinned node, whatever others prefer', () => {
    expect(owner(node(1, { preference: 200, claim: 1 }), node(2, { claim: 2, pinned: true }))).toBe(2);
  });

  it.each([
    ['failed', { runState: 'failed' as const }],
    ['on standby', { standby: true }],
    ['joining', { joining: true }],
    ['not confirmed', { bar: 'unconfirmed' as const }],
    ['silent', { bar: 'silent' as const }],
    ['without its route', { bar: 'no-route' as const }],
  ])('is never a node whose replica is %s', (_, change) => {
    expect(owner(node(1), node(2, { ...change, preference: 255, claim: 9 }))).toBe(1);
    expect(owner(node(2, change))).toBeUndefined();
  });

  it('is never a node on standby', () => {
    expect(owner(node(1), node(2, { preference: 255 }, true))).toBe(1);
  });

  it('is never a node whose definition differs from that of the started replica', () => {
    const other = { ...web, addresses: ['192.0.2.9'] };
    expect(owner(node(1, { runState: 'started' }), node(2, { definition: other, preference: 255 }))).toBe(1);
  });
});

describe('a node that has begun to start', () => {
  it('keeps its definition while those who agree with it wait for that start', () => {
    const other = { ...web, addresses: ['192.0.2.9'] };
    const starting = node(1, { runState: 'starting', claim: 1 });
    expect(owner(starting, node(2, { joining: true }), node(3, { definition: other }))).toBe(1);
  });
});

describe('the owner of a larger group', () => {
  const disk = testDefinition('DISK', { group: 'G', kind: 'resource', addresses: [], critical: false });
  const db = testDefinition('DB', { group: 'G', dependsOn: ['DISK'], critical: true });
  const ntp = testDefinition('NTP', { group: 'G', critical: false });
  const all = (id: number, change: Record<string, Partial<ReplicaFacts>> = {}): NodeFacts => ({
    id: routerId(id),
    standby: false,
    replicas: new Map([disk, db, ntp].map((d) => [d.name, replica({ definition: d, ...change[d.name] })])),
  });

  it('needs what a critical member depends on, though that is not critical itself', () => {
    expect(owner(all(1), all(2, { DISK: { runState: 'failed' } }))).toBe(1);
  });

  it('keeps the group when a member that is not critical has failed', () => {
    expect(owner(all(1), all(2, { NTP: { runState: 'failed' }, DB: { claim: 1 } }))).toBe(2);
  });

  it('is preferred by its least preferred required member', () => {
    expect(owner(all(1), all(2, { DISK: { preference: 50 }, DB: { preference: 250 } }))).toBe(1);
    expect(owner(all(1, { NTP: { preference: 50 } }), all(2, { DISK: { preference: 99 } }))).toBe(1);
  });
});

describe('the owner of a group of which no member is critical', () => {
  const names = ['MAIL', 'TIME', 'WEB'];
  const member = fc.record({
    preference: fc.integer({ min: 0, max: 3 }),
    runState: fc.constantFrom('stopped' as const, 'failed' as const),
    standby: fc.boolean(),
  });
  const someMembers = fc.dictionary(fc.constantFrom(...names), member, { minKeys: 1 });
  const nodeOf = (id: number, members: Record<string, Partial<ReplicaFacts>>, claim = 0): NodeFacts => {
    const replicas = Object.entries(members).map(([name, change]): [string, ReplicaFacts] => {
      const definition = testDefinition(name, { group: 'G', critical: false });
      return [name, replica({ ...change, claim, definition })];
    });
    return { id: routerId(id), standby: false, replicas: new Map(replicas) };
  };

  it('does not change because another node loses a member', () => {
    fc.assert(
      fc.property(someMembers, someMembers, fc.constantFrom(...names), (other, own, lost) => {
        const owns = nodeOf(1, own, 1);
        fc.pre(owner(owns, nodeOf(2, other)) === 1);
        const { [lost]: _, ...left } = other;
        expect(owner(owns, nodeOf(2, left))).toBe(1);
      }),
    );
  });

  it('is the node that can run the most members, where nobody owns it and none is preferred', () => {
    expect(owner(nodeOf(1, { MAIL: {}, WEB: {} }), nodeOf(2, { WEB: {} }))).toBe(1);
    expect(owner(nodeOf(1, { MAIL: {}, WEB: {} }), nodeOf(2, { MAIL: {}, WEB: { runState: 'failed' } }))).toBe(1);
  });

  it('keeps it when a member fails alone', () => {
    expect(owner(nodeOf(1, { MAIL: {}, WEB: { runState: 'failed' } }, 1), nodeOf(2, { MAIL: {}, WEB: {} }))).toBe(1);
  });
});

describe('a replica that does not count', () => {
  const definitions = ['192.0.2.1', '192.0.2.2'].flatMap((address) =>
    [true, false].map((critical) => testDefinition('WEB', { group: 'G', addresses: [address], critical })),
  );
  const other = testDefinition('CACHE', { group: 'G', critical: true });
  const facts = fc.record({
    definition: fc.constantFrom(...definitions),
    runState: fc.constantFrom('stopped' as const, 'started' as const, 'failed' as const),
    standby: fc.boolean(),
    joining: fc.boolean(),
    claim: fc.integer({ min: 0, max: 3 }),
  });

  it.each(['silent', 'unconfirmed', 'no-route', 'duplicate-router-id'] as const)(
    'changes nothing about the owner while it is %s',
    (bar) => {
      fc.assert(
        fc.property(fc.array(facts, { minLength: 1, maxLength: 4 }), facts, (list, lost) => {
          const nodes = list.map((change, index) => node(index + 1, change));
          const replicas = new Map([
            ['WEB', replica({ ...lost, bar })],
            ['CACHE', replica({ definition: other, runState: 'started', bar })],
          ]);
          const all = [...nodes, { id: routerId(9), standby: false, replicas }];
          expect(electOwner(all, 'G')).toEqual(electOwner(nodes, 'G'));
        }),
      );
    },
  );
});

describe('the owner of a group that no node can run as a whole', () => {
  const names = ['WEB', 'DB', 'CACHE', 'DISK'];
  const member = fc.record({
    preference: fc.integer({ min: 0, max: 3 }),
    runState: fc.constantFrom('stopped' as const, 'failed' as const),
    standby: fc.boolean(),
  });
  const someMembers = fc.dictionary(fc.constantFrom(...names), member, { minKeys: 1 });
  const nodeOf = (id: number, members: Record<string, Partial<ReplicaFacts>>, claim = 0): NodeFacts => {
    const replicas = Object.entries(members).map(([name, change]): [string, ReplicaFacts] => {
      return [name, replica({ ...change, claim, definition: testDefinition(name, { group: 'G' }) })];
    });
    return { id: routerId(id), standby: false, replicas: new Map(replicas) };
  };

  it('does not change because another node loses a member that others have as well', () => {
    // So that all members stay required, whoever loses what.
    const failed = { runState: 'failed' } as const;
    const broken = nodeOf(9, { WEB: failed, DB: failed, CACHE: failed, DISK: failed });
    fc.assert(
      fc.property(someMembers, someMembers, fc.constantFrom(...names), (other, own, lost) => {
        const owns = nodeOf(1, own, 1);
        fc.pre(owner(owns, nodeOf(2, other), broken) === 1);
        const { [lost]: _, ...left } = other;
        expect(owner(owns, nodeOf(2, left), broken)).toBe(1);
      }),
    );
  });

  it('is the node that can run the most of what is required, where nobody owns it', () => {
    const broken = nodeOf(9, { DISK: { runState: 'failed' } });
    const one = nodeOf(1, { WEB: { preference: 1 }, DB: { preference: 1 } });
    expect(owner(one, nodeOf(2, { WEB: { preference: 3 } }), broken)).toBe(1);
  });
});

describe('the order of candidates', () => {
  const small = fc.integer({ min: 0, max: 3 });
  const candidate = (preempt: boolean, partial: boolean): fc.Arbitrary<Candidate> =>
    fc.record({
      id: small.map(routerId),
      pin: small,
      preference: small,
      claim: small,
      preempt: fc.constant(preempt),
      partial: fc.constant(partial),
      members: small,
    });

  it.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])('is total and transitive with preempt: %s, partial: %s', (preempt, partial) => {
    const any = candidate(preempt, partial);
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(Math.sign(compareCandidates(a, b))).toBe(-Math.sign(compareCandidates(b, a)) + 0);
        if (compareCandidates(a, b) > 0 && compareCandidates(b, c) > 0)
          expect(compareCandidates(a, c)).toBeGreaterThan(0);
        if (a.id !== b.id) expect(compareCandidates(a, b)).not.toBe(0);
      }),
    );
  });

  it('gives the same owner in whatever order the nodes are looked at', () => {
    const facts = fc.record({
      preference: small,
      claim: small,
      standby: fc.boolean(),
      pinned: fc.boolean(),
      runState: fc.constantFrom('stopped' as const, 'started' as const, 'failed' as const),
    });
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 6 }), (list) => {
        const nodes = list.map((change, index) => node(index + 1, change));
        expect(owner(...nodes)).toBe(owner(...nodes.toReversed()));
      }),
    );
  });
});
