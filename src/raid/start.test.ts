import { describe, expect, it } from 'vitest';
import {
  type Ballot,
  begun,
  created,
  decideStart,
  type Leg,
  NO_BALLOT,
  type NodeRecord,
  positionOf,
  type StartDecision,
  type StartRequest,
  sentenceOf,
  stopped,
  type View,
  withMember,
  without,
} from './index.js';

const SIZE = 64;
const NODES = ['alpha', 'beta', 'gamma'];
const first = created({ ballot: by('alpha', 1), members: ['alpha'], voters: NODES, minimumLegs: 1, size: SIZE }, 'L1');
const all = withMember(withMember(first, 'beta'), 'gamma');

describe('a disk starts', () => {
  it('without its owner, from a leg that had every write', () => {
    const decision = decide('beta', { beta: memberOf(all), gamma: memberOf(all) });
    expect(decision).toMatchObject({
      kind: 'start',
      base: 'beta',
      fill: ['gamma'],
      view: { members: ['beta'], lineage: 'L1' },
    });
  });

  it('with all members as they are, after a clean stop', () => {
    const clean = stopped(all);
    const decision = decide('beta', { alpha: memberOf(clean), beta: memberOf(clean), gamma: memberOf(clean) });
    expect(decision).toMatchObject({ kind: 'start', fill: [], view: { members: NODES } });
  });

  it('from the leg of another node, where its own has missed writes', () => {
    const alone = without(all, new Set(['beta']));
    const decision = decide('beta', { alpha: memberOf(alone), beta: { ...memberOf(all), view: alone } });
    expect(decision).toMatchObject({ kind: 'start', base: 'alpha', fill: ['beta'] });
  });

  it('for the first time when every node has answered', () => {
    const blank: NodeRecord = {
      promise: NO_BALLOT,
      view: undefined,
      leg: { size: SIZE, of: undefined, filling: false },
    };
    expect(decide('beta', { alpha: blank, beta: blank, gamma: blank })).toMatchObject({
      base: 'beta',
      fill: ['alpha', 'gamma'],
    });
    expect(told('beta', { beta: blank, gamma: blank })).toContain(
      'the first start needs an answer of every node: waiting for alpha',
    );
  });
});

describe('a disk waits', () => {
  it('alone, for the others of whom two can have gone on', () => {
    expect(told('beta', { beta: memberOf(all) }, { beta: undefined, alpha: '14:02' })).toBe(
      "the freshest data may be on alpha, which is not reachable since 14:02, and on gamma, which is not reachable and was not heard yet; `force-start` uses beta's, as old as the last view it knows, and loses what alpha and gamma may have",
    );
  });

  it('for the leg that went on alone, when two nodes were switched off one after the other', () => {
    const alone = without(without(all, new Set(['gamma'])), new Set(['beta']));
    const reports = { beta: { ...memberOf(all), view: alone }, gamma: { ...memberOf(all), view: alone } };
    expect(told('beta', reports, { alpha: '14:02' })).toBe(
      "the freshest data are on alpha, which is not reachable since 14:02, and no other leg has them; `force-start` uses beta's, 2 generations older, and loses what alpha may have",
    );
  });

  it('rather than start from a leg that was being filled when the power failed', () => {
    const halfFull: Leg = { size: SIZE, of: positionOf(all), filling: true };
    const alone = without(all, new Set(['beta', 'gamma']));
    const beta = { ...memberOf(all), view: alone, leg: halfFull };
    expect(decide('beta', { beta, gamma: { ...memberOf(all), view: alone } })).toMatchObject({
      why: { code: 'no-source' },
    });
    expect(decide('beta', { beta, gamma: beta }, { force: true })).toMatchObject({ why: { code: 'no-source' } });
  });

  it('for as many legs as minimumLegs asks for', () => {
    const two = { ...all, minimumLegs: 2 };
    expect(decide('beta', { beta: memberOf(two), gamma: witnessOf(two) }, { minimumLegs: 2 })).toMatchObject({
      why: { code: 'too-few-legs', have: 1 },
    });
  });

  it('under a claim that is older than the one that somebody has promised', () => {
    const taken = { ...memberOf(all), promise: by('gamma', 9) };
    expect(told('beta', { beta: memberOf(all), gamma: taken })).toContain('gamma has taken the disk under claim 9');
  });

  it('with a disk that is too small, and touches nothing', () => {
    const small = { ...memberOf(all), leg: { size: 10, of: undefined, filling: false } };
    expect(decide('beta', { beta: memberOf(all), gamma: small })).toMatchObject({
      kind: 'start',
      fill: [],
      refused: ['gamma'],
    });
    expect(told('beta', { beta: memberOf(all), gamma: memberOf(all) }, {}, { size: 10 })).toContain(
      'nothing was touched',
    );
  });
});

describe('of two nodes', () => {
  const pair = { ...all, members: ['alpha', 'beta'], voters: ['alpha', 'beta'] };

  it('one goes on when the owner that it served has vanished, under a lineage of its own', () => {
    const decision = decide('beta', { beta: memberOf(pair) }, { lostOwnerOf: pair.ballot, voters: pair.voters });
    expect(decision).toMatchObject({ kind: 'start', view: { lineage: 'L2', history: [positionOf(pair)] } });
  });

  it('one that was away in between waits', () => {
    expect(decide('beta', { beta: memberOf(pair) }, { voters: pair.voters })).toMatchObject({
      why: { code: 'may-be-newer' },
    });
  });

  it('the side that lost keeps what it wrote after they parted', () => {
    const other = without(pair, new Set(['beta']));
    const ours = begun(pair, pair, { ...pair, ballot: by('beta', 2), members: ['beta'] }, 'L2');
    const decision = decide('beta', { alpha: memberOf(other), beta: memberOf(ours) }, { voters: pair.voters });
    expect(decision).toMatchObject({ kind: 'start', base: 'beta', fill: [], refused: ['alpha'] });
  });

  it('the side that lost is filled if it wrote nothing alone', () => {
    const ours = begun(pair, pair, { ...pair, ballot: by('beta', 2), members: ['beta'] }, 'L2');
    const decision = decide('beta', { alpha: memberOf(pair), beta: memberOf(ours) }, { voters: pair.voters });
    expect(decision).toMatchObject({ kind: 'start', base: 'beta', fill: ['alpha'], refused: [] });
  });
});

function by(node: string, claim: number): Ballot {
  return { claim, round: 1, node };
}

function memberOf(view: View): NodeRecord {
  return { promise: view.ballot, view, leg: { size: SIZE, of: positionOf(view), filling: false } };
}

function witnessOf(view: View): NodeRecord {
  return { promise: view.ballot, view, leg: undefined };
}

function decide(self: string, reports: Record<string, NodeRecord>, changes: Partial<StartRequest> = {}): StartDecision {
  const basic = { voters: NODES, minimumLegs: 1, size: SIZE, lostOwnerOf: undefined, force: false, freshLineage: 'L2' };
  return decideStart({ self, ballot: by(self, 3), reports: new Map(Object.entries(reports)), ...basic, ...changes });
}

/** The sentence of a disk that waits. */
function told(
  self: string,
  reports: Record<string, NodeRecord>,
  heard: Record<string, string | undefined> = {},
  changes: Partial<StartRequest> = {},
): string {
  const decision = decide(self, reports, changes);
  if (decision.kind !== 'wait') return 'it starts';
  const lastHeard = new Map(
    Object.entries(heard).flatMap(([node, at]) => (at === undefined ? [] : [[node, at] as const])),
  );
  return sentenceOf(decision, { self, own: reports[self]!, lastHeard });
}
