import { describe, expect, it } from 'vitest';
import type { Tally } from './announcement.js';
import type { ServiceDefinition } from './definition.js';
import type { Effect } from './effect.js';
import type { Engine } from './engine.js';
import { routerId } from './router-id.js';
import { daemonSaid, heardFromOther, serviceSaid, testDefinition, testMember } from './testing.js';

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
    expect(effects).toContainEqual({ type: 'set-timer', timer: `holder DISK ${OTHER}`, delayMs: 22_000 });
    engine.handle({ type: 'timer', timer: `holder DISK ${OTHER}` }, 42_000);
    expect(isHolder(engine)).toBe(false);
  });

  it('is no proof once the resource was announced again and has vanished again', () => {
    const engine = vanishedHolder(DISK);
    daemonSays(engine, 20, null, 20_000);
    diskIs(engine, DISK, 21, 25_000);
    withdraw(engine, 21, 30_900);
    // The deletion of the Daemon announcement is still on its way.
    engine.handle({ type: 'timer', timer: `holder DISK ${OTHER}` }, 31_000);
    expect(isHolder(engine)).toBe(true);
  });
});

/** 0.0.0.1 said that it runs the resource, which then was withdrawn; it has been asked since. */
function vanishedHolder(definition: ServiceDefinition): Engine {
  const engine = testMember([definition]);
  engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter: 3 } })), 5_000);
  diskIs(engine, definition, 10, 6_000);
  withdraw(engine, 10, 14_000);
  const node = engine.state.view.nodes.get(OTHER);
  if (node !== undefined) node.questioned = true;
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

function daemonSays(engine: Engine, counter: number, tally: Tally | null, nowMs: number): Effect[] {
  return engine.handle(heardFromOther(daemonSaid({ sequence: { epoch: 1, counter }, tally })), nowMs);
}

function isHolder(engine: Engine): boolean {
  return engine.state.holders.get('DISK')?.has(OTHER) === true;
}
