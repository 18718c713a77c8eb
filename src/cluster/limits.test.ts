import { describe, expect, it } from 'vitest';
import { sealBody } from '../lsa/header.js';
import { decodeBody, encodeBody } from '../lsa/index.js';
import { MAX_CLAIM, MAX_CLAIM_STEP, MAX_EPOCH, MAX_GIVEN_EPOCH } from '../model/limits.js';
import { NOTHING_PERSISTED } from '../model/persistence.js';
import { routerId } from '../model/router-id.js';
import { Engine } from './engine.js';
import { nextClaim, takeClaim } from './group/claim.js';
import { groupState } from './group/members.js';
import type { Effect } from './state/effect.js';
import type { Event } from './state/event.js';
import { beginTurn } from './state/turn.js';
import { heardFromOther, serviceSaid, TEST_SETTINGS, testDefinition, testMember } from './testing.js';

const SELF = routerId(2);
const WEB = testDefinition('WEB');

describe('a claim near the end of the range', () => {
  it('raises what is known by a limited amount, once, however often it is announced', () => {
    const engine = testMember([WEB]);
    for (let counter = 1; counter < 50; counter++) {
      const said = { claim: MAX_CLAIM, standby: true, sequence: { epoch: 1, counter } };
      engine.handle(heardFromOther(serviceSaid(WEB, said)), 6_000 + counter);
    }
    expect(nextClaim(engine.state, 'WEB')).toBe(MAX_CLAIM_STEP + 1);
    expect(engine.state.replicas.get('WEB')?.persisted.highestClaim).toBe(MAX_CLAIM_STEP);
  });

  it('is not gone beyond: what is taken at the end can still be announced', () => {
    const engine = testMember([WEB]);
    groupState(engine.state, 'WEB').highestClaim = MAX_CLAIM;
    takeClaim(beginTurn(engine.state, 6_000), 'WEB', false);
    const { claim } = groupState(engine.state, 'WEB');
    expect(claim).toBe(MAX_CLAIM);
    expect(decodeBody(encodeBody(serviceSaid(WEB, { claim }), 'default')).ok).toBe(true);
  });

  it('is malformed above it, like an epoch that leaves no later one', () => {
    expect(decodeBody(encodeBody(serviceSaid(WEB, { claim: MAX_CLAIM + 1 }), 'default')).ok).toBe(false);
    const body = encodeBody(serviceSaid(WEB), 'default');
    new DataView(body.buffer, body.byteOffset).setUint32(16, MAX_EPOCH + 1);
    expect(decodeBody(sealBody(body)).ok).toBe(false);
  });

  it('is not believed on disk, and what stands beside it is not lost', () => {
    const record = { ...NOTHING_PERSISTED, standby: true, highestClaim: 2 ** 32 };
    const { engine, effects } = begun({ records: new Map([['WEB', record]]) });
    expect(engine.state.replicas.get('WEB')?.standby).toBe(true);
    expect(nextClaim(engine.state, 'WEB')).toBe(1);
    expect(errors(effects)).toEqual([expect.stringContaining('4294967296, is impossible')]);
  });
});

describe('an epoch', () => {
  it('of a clock of the year 2106 is not taken, nor kept', () => {
    const { engine, effects } = begun({ epoch: 1_700_000_000, unixSeconds: 4_300_000_000 });
    expect(engine.state.epoch).toBe(1_700_000_001);
    expect(engine.state.persisted.epoch).toBe(1_700_000_001);
    expect(errors(effects)).toEqual([expect.stringContaining('the clock is wrong')]);
  });

  it('that is impossible on disk is not believed', () => {
    const { engine } = begun({ epoch: 4_300_000_000, unixSeconds: 1_700_000_000 });
    expect(engine.state.epoch).toBe(1_700_000_000);
  });

  it('under our router ID is followed only where others can follow', () => {
    const engine = testMember([WEB]);
    const before = engine.state.epoch;
    engine.handle(heardFromSelf(MAX_GIVEN_EPOCH + 1), 6_000);
    expect(engine.state.epoch).toBe(before);
    engine.handle(heardFromSelf(MAX_GIVEN_EPOCH), 6_000);
    expect(engine.state.epoch).toBe(MAX_GIVEN_EPOCH + 1);
  });

  it('is followed by the next one before the counter is at its end', () => {
    const engine = testMember([WEB]);
    const before = engine.state.epoch;
    engine.state.counter = 2 ** 31;
    engine.handle({ type: 'neighbours', full: 2 }, 6_000);
    expect(engine.state.epoch).toBe(before + 1);
    expect(engine.state.counter).toBeLessThan(10);
  });
});

function begun({ epoch = 1, unixSeconds = 1_000, records = new Map() }) {
  const engine = new Engine(TEST_SETTINGS);
  const persistedNode = { epoch, standby: false, issuers: [] };
  const event = { type: 'begin', definitions: [WEB], persistedNode, persistedServices: records, unixSeconds } as const;
  return { engine, effects: engine.handle(event, 0) };
}

function heardFromSelf(epoch: number): Event {
  const announcement = serviceSaid(testDefinition('OLD'), { sequence: { epoch, counter: 1 } });
  return { type: 'announcement', origin: SELF, lsaId: '222.0.0.9', ageSeconds: 0, announcement };
}

function errors(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'report' && effect.level === 'error' ? [effect.text] : []));
}
