import { describe, expect, it } from 'vitest';
import type { ServiceDefinition } from '../model/definition.js';
import { routerId } from '../model/router-id.js';
import { Engine } from './engine.js';
import type { Effect } from './state/effect.js';
import type { Event } from './state/event.js';
import { TEST_SETTINGS, testDefinition } from './testing.js';

const MEMBERS = 50;

describe('a group with many members that depend on each other', () => {
  it('costs each event no more than a few looks at each member', () => {
    const life = new Life();
    life.takeAll(
      { type: 'connected', routerId: routerId(2) },
      { type: 'neighbours', full: 1 },
      { type: 'synced' },
      { type: 'timer', timer: { kind: 'join' } },
    );
    expect(life.runStates()).toEqual(new Set(['started']));
    const standby = {
      type: 'command',
      request: '',
      operator: 'op',
      role: 'operator',
      order: { of: 'node', command: 'standby' },
    } as const;
    life.takeAll({ ...standby, target: null, pin: false });
    expect(life.runStates()).toEqual(new Set(['stopped']));
    expect(life.mostLooks).toBeLessThan(80 * MEMBERS);
  });
});

/** A node whose primitives succeed at once, and whose announcements come back. Its members are a chain. */
class Life {
  /** How often any member was asked what it depends on, in the event in which that was asked most. */
  mostLooks = 0;
  #looks = 0;
  readonly #engine = new Engine(TEST_SETTINGS);

  constructor() {
    const definitions = Array.from({ length: MEMBERS }, (_, index) => this.#member(index));
    const persistedNode = { epoch: 1, standby: false, issuers: [] };
    this.takeAll({ type: 'begin', definitions, persistedNode, persistedServices: new Map(), unixSeconds: 1_000 });
  }

  runStates(): Set<string> {
    return new Set([...this.#engine.state.replicas.values()].map(({ run }) => run));
  }

  takeAll(...events: Event[]): void {
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      this.#looks = 0;
      events.push(...this.#engine.handle(event, 10_000).flatMap(answerTo));
      this.mostLooks = Math.max(this.mostLooks, this.#looks);
    }
  }

  #member(index: number): ServiceDefinition {
    const dependsOn = index === 0 ? [] : [nameOf(index - 1)];
    const definition = testDefinition(nameOf(index), { group: 'G', addresses: [], critical: index === MEMBERS - 1 });
    const get = () => {
      this.#looks += 1;
      return dependsOn;
    };
    return Object.defineProperty(definition, 'dependsOn', { get });
  }
}

function nameOf(index: number): string {
  return `S${index}`;
}

function answerTo(effect: Effect): Event[] {
  switch (effect.type) {
    case 'run': {
      const { service, primitive, run } = effect;
      const outcome = { result: 'succeeded', output: '' } as const;
      return [{ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1_000 }];
    }
    case 'announce': {
      const { announcement } = effect;
      return [{ type: 'announcement', origin: routerId(2), lsaId: '222.0.0.1', ageSeconds: 0, announcement }];
    }
    default:
      return [];
  }
}
