import { expect, test } from 'vitest';
import type { ServiceAnnouncement } from '../../model/announcement.js';
import { MAX_CLAIM, MAX_CLAIM_STEP } from '../../model/limits.js';
import { routerId } from '../../model/router-id.js';
import type { Engine } from '../engine.js';
import type { Effect } from '../state/effect.js';
import type { Event } from '../state/event.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';
import { nextClaim } from './claim.js';
import { groupState } from './members.js';

const SELF = routerId(2);
const DISK = testDefinition('DISK', { kind: 'resource', addresses: [] });

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

test('what another node knows of is known here, competes with nobody, and is no reason to speak', () => {
  const engine = testMember([DISK]);
  const effects = engine.handle(heardFromOther(serviceSaid(DISK, { standby: true, knownClaim: 5 })), 6_000);
  expect(nextClaim(engine.state, 'DISK')).toBe(6);
  expect(groupState(engine.state, 'DISK').highestOtherClaim).toBe(0);
  expect(engine.state.replicas.get('DISK')?.persisted.highestClaim).toBe(5);
  expect(effects.filter(({ type }) => type === 'announce')).toEqual([]);
});

test('the highest known claim goes along with what is announced next, where it says more than the claim itself', () => {
  const engine = memberWithDisk();
  const announced = () => engine.state.replicas.get('DISK')?.announced;
  engine.handle(heardFromOther(serviceSaid(DISK, { standby: true, knownClaim: 5 })), 6_000);
  expect(announced()).toMatchObject({ claim: 0, knownClaim: null });
  const owned = serviceSaid(DISK, { runState: 'started', claim: 6, sequence: { epoch: 1, counter: 2 } });
  engine.handle(heardFromOther(owned), 6_100);
  expect(announced()).toMatchObject({ claim: 0, assent: { claim: 6 }, knownClaim: 6 });
});

test('what an earlier life of this node announced is known, also where that raises the epoch', () => {
  const engine = testMember([DISK]);
  const earlier = serviceSaid(DISK, { claim: 6, sequence: { epoch: engine.state.epoch + 1, counter: 9 } });
  const epoch = engine.state.epoch + 2;
  engine.handle({ ...heardFromOther(earlier), origin: SELF } as Event, 6_000);
  expect(engine.state.epoch).toBe(epoch);
  expect(nextClaim(engine.state, 'DISK')).toBe(7);
});

test('an owner whose claim is below what somebody knows of takes one above it, once, before the resource starts', () => {
  const engine = memberWithDisk();
  let nowMs = 6_000;
  let counter = 0;
  const handle = (event: Event): Effect[] => engine.handle(event, nowMs++);
  const own = () => engine.state.replicas.get('DISK')!.announced!;
  const said = (change: Partial<ServiceAnnouncement>) =>
    heardFromOther(serviceSaid(DISK, { standby: true, ...change, sequence: { epoch: 1, counter: ++counter } }));
  const assents = (knownClaim: number) => said({ assent: { owner: SELF, claim: own().claim }, knownClaim });
  const echo = (): Event => ({ ...heardFromOther(own()), origin: SELF }) as Event;
  const starts = (effects: Effect[]) => effects.some((effect) => effect.type === 'run' && effect.primitive === 'start');

  handle(heardFromOther(daemonSaid(), '222.0.0.1'));
  handle(said({}));
  nowMs = 20_000;
  handle({ type: 'timer', timer: { kind: 'newcomer', node: routerId(1) } });
  expect(own()).toMatchObject({ runState: 'starting', claim: 1, knownClaim: null });
  handle(echo());
  expect(starts(handle(assents(5)))).toBe(false);
  expect(own()).toMatchObject({ runState: 'starting', claim: 6, knownClaim: null });
  handle(echo());
  expect(starts(handle(assents(6)))).toBe(true);
  expect(own().claim).toBe(6);
});

test('what another node knows of raises what is known by a limited amount, once for each announcement', () => {
  const engine = testMember([DISK]);
  const doubtful = { claim: MAX_CLAIM - 1, knownClaim: MAX_CLAIM, standby: true };
  for (let counter = 1; counter < 50; counter++) {
    const said = serviceSaid(DISK, { ...doubtful, sequence: { epoch: 1, counter } });
    engine.handle(heardFromOther(said), 6_000 + counter);
  }
  expect(nextClaim(engine.state, 'DISK')).toBe(MAX_CLAIM_STEP + 1);
  const sober = { claim: MAX_CLAIM_STEP + 20, knownClaim: MAX_CLAIM, sequence: { epoch: 1, counter: 50 } };
  engine.handle(heardFromOther(serviceSaid(DISK, sober)), 7_000);
  expect(nextClaim(engine.state, 'DISK')).toBe(MAX_CLAIM_STEP + 21);
});

/** It has activated DISK. */
function memberWithDisk(): Engine {
  const engine = testMember([DISK]);
  const { run } = engine.state.replicas.get('DISK')!.job!;
  const outcome = { result: 'succeeded', output: '' } as const;
  engine.handle(
    { type: 'primitive-ended', service: 'DISK', primitive: 'activate', run, outcome, unixSeconds: 0 },
    5_500,
  );
  return engine;
}
