import { describe, expect, it } from 'vitest';
import type { Digest, Sequence } from '../../model/announcement.js';
import type { ServiceDefinition } from '../../model/definition.js';
import { MAX_PERSISTED_HOLDERS } from '../../model/persistence.js';
import { routerId } from '../../model/router-id.js';
import { Engine } from '../engine.js';
import type { Effect } from '../state/effect.js';
import type { Event, Subject } from '../state/event.js';
import { daemonSaid, heardFromOther, serviceSaid, TEST_SETTINGS, testDefinition, testMember } from '../testing.js';
import { gateClosedBy } from './gate.js';

const OTHER = routerId(1);
const DISK = testDefinition('DISK', { kind: 'resource', addresses: [] });

describe('the word of the daemon of a vanished holder', () => {
  it('frees a resource that it does not count any more', () => {
    const engine = vanishedHolder(DISK);
    daemonSays(engine, 20, { services: 0, counters: 0 }, 20_000);
    expect(isHolder(engine)).toBe(false);
  });

  it('does not while it counts more than is here: it was spoken before the daemon died, and came late', () => {
    const engine = vanishedHolder(DISK);
    daemonSays(engine, 20, { services: 1, counters: 10 }, 20_000);
    expect(isHolder(engine)).toBe(true);
  });

  it('does not at once when it is older than what is known of the resource', () => {
    const engine = vanishedHolder(DISK);
    daemonSays(engine, 9, { services: 0, counters: 0 }, 20_000);
    expect(isHolder(engine)).toBe(true);
  });

  it('does not at once when it does not tell what it has out, or cannot count the resource', () => {
    const silent = vanishedHolder(DISK);
    daemonSays(silent, 20, null, 20_000);
    expect(isHolder(silent)).toBe(true);
    const local = vanishedHolder({ ...DISK, scope: 'area' });
    daemonSays(local, 20, { services: 0, counters: 0 }, 20_000);
    expect(isHolder(local)).toBe(true);
  });

  it('counts after four retransmissions even if something else of its node never comes', () => {
    const engine = vanishedHolder(DISK);
    const effects = daemonSays(engine, 20, { services: 1, counters: 4 }, 20_000);
    expect(effects).toContainEqual({
      type: 'set-timer',
      timer: { kind: 'holder', service: 'DISK', node: OTHER },
      delayMs: 22_000,
    });
    engine.handle({ type: 'timer', timer: { kind: 'holder', service: 'DISK', node: OTHER } }, 42_000);
    expect(isHolder(engine)).toBe(false);
  });

  it('is no proof once the resource was announced again and has vanished again', () => {
    const engine = vanishedHolder(DISK);
    daemonSays(engine, 20, null, 20_000);
    diskIs(engine, DISK, 21, 25_000);
    withdraw(engine, 21, 30_900);
    // The deletion of the Daemon announcement is still on its way.
    engine.handle({ type: 'timer', timer: { kind: 'holder', service: 'DISK', node: OTHER } }, 31_000);
    expect(isHolder(engine)).toBe(true);
  });
});

describe('what an earlier life of a node said', () => {
  it('makes no holder that outlives the next word of a later life, if that had been heard before', () => {
    const engine = testMember([DISK]);
    engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 2, counter: 3 } }), 'daemon'), 6_000);
    deleted(engine, 'daemon', { kind: 'daemon' }, { epoch: 2, counter: 3 }, 7_000);
    const old = { epoch: 1, counter: 9 };
    engine.handle(heardFromOther(serviceSaid(DISK, { runState: 'started', claim: 3, sequence: old }), 'old'), 8_000);
    expect(isHolder(engine)).toBe(true);
    engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 2, counter: 4 } }), 'daemon'), 9_000);
    deleted(engine, 'old', { kind: 'service', service: 'DISK' }, old, 10_000);
    expect(isHolder(engine)).toBe(false);
  });

  it('makes no holder and is not confirmed while a later life is announced', () => {
    const engine = testMember([DISK]);
    engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 2, counter: 3 } }), 'daemon'), 6_000);
    const sequence = { epoch: 1, counter: 9 };
    engine.handle(heardFromOther(serviceSaid(DISK, { runState: 'started', claim: 3, sequence }), 'old'), 7_000);
    expect(isHolder(engine)).toBe(false);
    expect(engine.state.view.replicas.get('DISK')?.get(OTHER)?.confirmed).toBe(false);
  });
});

describe('the takeover delay of a service that is defined here only after its holder was lost', () => {
  it('counts from the loss', () => {
    const engine = testMember([]);
    const late = { ...DISK, takeoverDelayMs: 20_000 };
    engine.handle(heardFromOther(daemonSaid()), 5_000);
    diskIs(engine, late, 10, 6_000);
    engine.handle({ type: 'reachability', added: [], removed: [OTHER] }, 7_000);
    const effects = engine.handle({ type: 'configure', definitions: [late] }, 8_000);
    expect(effects).toContainEqual({
      type: 'set-timer',
      timer: { kind: 'takeover', service: 'DISK', node: OTHER },
      delayMs: 19_000,
    });
  });
});

describe('an operator who has made sure of one node', () => {
  it('says nothing about another one that held the resource as well', () => {
    const engine = vanishedHolder(DISK);
    const third = routerId(3);
    engine.handle({ type: 'reachability', added: [third], removed: [] }, 15_000);
    const sequence = { epoch: 7, counter: 8 };
    const said = serviceSaid(DISK, { runState: 'started', claim: 2, sequence });
    engine.handle({ ...heardFromOther(said, 'third'), origin: third } as Event, 15_000);
    const subject = { kind: 'service', service: 'DISK' } as const;
    engine.handle({ type: 'withdrawal', origin: third, lsaId: 'third', subject, sequence }, 16_000);

    const order = { of: 'service', service: 'DISK', command: 'confirm-stopped' } as const;
    const word = { type: 'command', order, target: null, pin: false } as const;
    const effects = engine.handle({ ...word, request: 'r', operator: 'anna', role: 'operator', holder: OTHER }, 17_000);
    expect(effects).toContainEqual(expect.objectContaining({ type: 'reply', request: 'r', ok: true }));
    expect([...(engine.state.holders.get('DISK')?.keys() ?? [])]).toEqual([third]);
    expect(gateClosedBy(engine.state, 'DISK')?.node).toBe(third);
  });
});

describe('what is remembered across a restart', () => {
  it('is every holder of a resource', () => {
    const third = routerId(3);
    const engine = testMember([DISK]);
    engine.handle({ type: 'reachability', added: [third], removed: [] }, 6_000);
    diskIs(engine, DISK, 10, 6_000);
    const said = serviceSaid(DISK, { runState: 'started', claim: 2, sequence: { epoch: 7, counter: 8 } });
    engine.handle({ ...heardFromOther(said), origin: third } as Event, 6_000);
    const persisted = engine.state.replicas.get('DISK')!.persisted;
    expect(persisted.holders).toEqual([
      { routerId: 1, epoch: 1, counter: 10 },
      { routerId: 3, epoch: 7, counter: 8 },
    ]);
    const later = new Engine(TEST_SETTINGS);
    const persistedServices = new Map([['DISK', persisted]]);
    const persistedNode = { epoch: 1, standby: false, issuers: [] };
    later.handle({ type: 'begin', definitions: [], persistedNode, persistedServices, unixSeconds: 1_000 }, 0);
    expect([...(later.state.holders.get('DISK')?.keys() ?? [])]).toEqual([OTHER, third]);
  });
});

describe('many holders', () => {
  it('are all remembered across a restart, so that each of them keeps the gate closed', () => {
    const { engine } = heldBy(9);
    const persisted = engine.state.replicas.get('DISK')!.persisted;
    const later = new Engine(TEST_SETTINGS);
    const persistedServices = new Map([['DISK', persisted]]);
    const persistedNode = { epoch: 1, standby: false, issuers: [] };
    later.handle({ type: 'begin', definitions: [DISK], persistedNode, persistedServices, unixSeconds: 1_000 }, 0);
    expect(later.state.holders.get('DISK')?.size).toBe(9);
  });

  it('beyond what a record has room for lose the oldest, which is said', () => {
    const { engine, effects } = heldBy(MAX_PERSISTED_HOLDERS + 1);
    const { holders } = engine.state.replicas.get('DISK')!.persisted;
    expect([holders.length, holders[0]?.routerId]).toEqual([MAX_PERSISTED_HOLDERS, 11]);
    const said = effects.flatMap((effect) =>
      effect.type === 'report' && effect.level === 'error' ? [effect.text] : [],
    );
    expect(said).toEqual([expect.stringContaining('after a restart of srrd the first of them are not waited for')]);
  });
});

/** So many other nodes, from 0.0.0.10 on, say that they run the resource. */
function heldBy(count: number): { engine: Engine; effects: readonly Effect[] } {
  const engine = testMember([DISK]);
  const effects = Array.from({ length: count }, (_, index) => {
    const origin = routerId(10 + index);
    engine.handle({ type: 'reachability', added: [origin], removed: [] }, 6_000);
    const said = serviceSaid(DISK, { runState: 'started', claim: 1 });
    return engine.handle({ ...heardFromOther(said), origin } as Event, 6_000);
  });
  return { engine, effects: effects.flat() };
}

/** 0.0.0.1 said that it runs the resource, which then was withdrawn; it has been asked since. */
it('a holder that was heard before the resource was defined here is remembered across a restart', () => {
  const engine = testMember([]);
  diskIs(engine, DISK, 10, 6_000);
  engine.handle({ type: 'configure', definitions: [DISK] }, 7_000);
  expect(engine.state.replicas.get('DISK')?.persisted.holders).toMatchObject([{ routerId: OTHER }]);
});

it('so is one that takes it for a service, when it becomes a resource here', () => {
  const service = testDefinition('DISK', { addresses: [], autoActivate: false });
  const engine = testMember([service]);
  diskIs(engine, service, 10, 6_000);
  expect(engine.state.replicas.get('DISK')?.persisted.holders).toEqual([]);
  engine.handle({ type: 'configure', definitions: [{ ...DISK, autoActivate: false }] }, 7_000);
  expect(engine.state.replicas.get('DISK')?.persisted.holders).toMatchObject([{ routerId: OTHER }]);
});

function vanishedHolder(definition: ServiceDefinition): Engine {
  const engine = testMember([definition]);
  engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: 3 } })), 5_000);
  diskIs(engine, definition, 10, 6_000);
  withdraw(engine, 10, 14_000);
  const node = engine.state.view.nodes.get(OTHER);
  if (node !== undefined) node.probed = true;
  return engine;
}

function diskIs(engine: Engine, definition: ServiceDefinition, counter: number, nowMs: number): void {
  const said = serviceSaid(definition, { sequence: { epoch: 1, counter }, runState: 'started', claim: 1 });
  engine.handle(heardFromOther(said), nowMs);
}

function withdraw(engine: Engine, counter: number, nowMs: number): void {
  const subject = { kind: 'service', service: 'DISK' } as const;
  const sequence = { epoch: 1, counter };
  engine.handle({ type: 'withdrawal', origin: OTHER, lsaId: '222.0.3.1', subject, sequence }, nowMs);
}

function deleted(engine: Engine, lsaId: string, subject: Subject, sequence: Sequence, nowMs: number): void {
  engine.handle({ type: 'withdrawal', origin: OTHER, lsaId, subject, sequence }, nowMs);
}

function daemonSays(engine: Engine, counter: number, digest: Digest | null, nowMs: number): Effect[] {
  return engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter }, digest })), nowMs);
}

function isHolder(engine: Engine): boolean {
  return engine.state.holders.get('DISK')?.has(OTHER) === true;
}
