import { expect, it } from 'vitest';
import { routerId } from '../../model/router-id.js';
import type { Engine } from '../engine.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from '../testing.js';
import { isJoining, newcomer } from './joining.js';

const OTHER = routerId(1);
const DISK = testDefinition('DISK', { kind: 'resource', addresses: [] });

it('a node that has just come is waited for until it has said what it does with the resource, for 6 s', () => {
  const engine = testMember([DISK]);
  goAndCome(engine, 20_000);
  expect(newcomer(engine.state, 'DISK')).toBe(OTHER);
  at(engine, 26_000);
  expect(newcomer(engine.state, 'DISK')).toBeNull();
});

it('a node that comes again and again is waited for a few times, and not without end', () => {
  const engine = testMember([DISK]);
  let waited = 0;
  for (let nowMs = 20_000; nowMs < 320_000; nowMs += 5_000) {
    goAndCome(engine, nowMs);
    if (newcomer(engine.state, 'DISK') !== null) waited += 5_000;
  }
  expect(waited).toBeGreaterThan(6_000);
  expect(waited).toBeLessThan(60_000);
});

it('a node that was started again a few times is waited for each time', () => {
  const engine = testMember([DISK]);
  for (const nowMs of [20_000, 35_000, 50_000]) {
    goAndCome(engine, nowMs);
    daemonDies(engine, nowMs / 5_000 - 3, nowMs + 50);
    daemonIs(engine, nowMs / 5_000, 0, nowMs + 100);
    expect(newcomer(engine.state, 'DISK')).toBe(OTHER);
  }
});

it('a daemon that begins anew is not waited for when all that it counts is here', () => {
  const engine = testMember([DISK]);
  daemonIs(engine, 1, 0, 5_000);
  daemonDies(engine, 1, 30_000);
  daemonIs(engine, 2, 0, 31_000);
  expect(newcomer(engine.state, 'DISK')).toBeNull();
  daemonDies(engine, 2, 32_000);
  daemonIs(engine, 3, 1, 33_000);
  expect(newcomer(engine.state, 'DISK')).toBe(OTHER);
});

it('but is where its node has just come as well: it may have spoken before it began to use the resource', () => {
  const engine = testMember([DISK]);
  daemonIs(engine, 1, 0, 5_000);
  daemonDies(engine, 1, 30_000);
  goAndCome(engine, 30_000);
  daemonIs(engine, 2, 0, 31_000);
  expect(newcomer(engine.state, 'DISK')).toBe(OTHER);
});

it('a resource that somebody holds is not taken over within preemptDelay, though its holder takes it for a service and has no route', () => {
  const engine = testMember([{ ...DISK, preemptDelayMs: 60_000 }]);
  const mistaken = testDefinition('DISK', { kind: 'service' });
  engine.handle(heardFromOther(serviceSaid(mistaken, { runState: 'started', claim: 1 })), 5_000);
  const observed = engine.state.view.replicas.get('DISK')?.get(OTHER);
  if (observed !== undefined) observed.routeless = true;
  const replica = engine.state.replicas.get('DISK');
  if (replica === undefined) throw new Error('expected DISK here');
  Object.assign(replica, { config: 'active', run: 'stopped', recovering: false, job: null });
  const joins = (nowMs: number): boolean => isJoining({ ...engine.state, nowMs }, replica);
  expect(joins(59_000)).toBe(true);
  expect(joins(61_000)).toBe(false);
});

function goAndCome(engine: Engine, nowMs: number): void {
  if (engine.state.view.nodes.get(OTHER)?.daemon == null) daemonIs(engine, 1, 0, 5_000);
  engine.handle({ type: 'reachability', added: [], removed: [OTHER] }, nowMs);
  engine.handle({ type: 'reachability', added: [OTHER], removed: [] }, nowMs);
}

function daemonIs(engine: Engine, epoch: number, services: number, nowMs: number): void {
  const said = daemonSaid({ sequence: { epoch, counter: 9 }, digest: { services, counters: services } });
  engine.handle(heardFromOther(said), nowMs);
}

function daemonDies(engine: Engine, epoch: number, nowMs: number): void {
  const sequence = { epoch, counter: 9 };
  const subject = { kind: 'daemon' } as const;
  engine.handle({ type: 'withdrawal', origin: OTHER, lsaId: '222.0.3.1', subject, sequence }, nowMs);
}

function at(engine: Engine, nowMs: number): void {
  engine.handle({ type: 'timer', timer: { kind: 'newcomer', node: OTHER } }, nowMs);
}
