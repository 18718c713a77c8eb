import { NOTHING_PERSISTED_OF_NODE, type Primitive, routerId, type ServiceDefinition } from '../model/index.js';
import { Engine } from './engine.js';
import type { Effect, Event, PrimitiveOutcome } from './state/index.js';
import { TEST_SETTINGS } from './testing.js';

/** A node that is alone and has joined. Its addresses come up, its announcements are out and its primitives end at once. */
export class NodeAlone {
  nowMs = 10_000;
  readonly effects: Effect[] = [];
  readonly #engine = new Engine(TEST_SETTINGS);
  readonly #outcomeOf: (primitive: Primitive) => PrimitiveOutcome;

  constructor(
    definitions: readonly ServiceDefinition[],
    outcomeOf: (primitive: Primitive) => PrimitiveOutcome = () => ({ result: 'succeeded', output: '' }),
  ) {
    this.#outcomeOf = outcomeOf;
    const persisted = { persistedNode: NOTHING_PERSISTED_OF_NODE, persistedServices: new Map() };
    this.handle({ type: 'begin', definitions, ...persisted, unixSeconds: 1 });
    this.handle({ type: 'connected', routerId: routerId(2) });
    this.handle({ type: 'neighbours', full: 1 });
    this.handle({ type: 'synced' });
    this.handle({ type: 'timer', timer: { kind: 'join' } });
  }

  handle(event: Event): void {
    for (const effect of this.#engine.handle(event, this.nowMs)) {
      this.effects.push(effect);
      for (const answer of this.#answersTo(effect)) this.handle(answer);
    }
  }

  #answersTo(effect: Effect): Event[] {
    const origin = this.#engine.state.self;
    if (effect.type === 'alias-up') return [{ type: 'alias-up', service: effect.service }];
    if (effect.type === 'announce' && origin !== null) {
      const { announcement } = effect;
      return [{ type: 'announcement', origin, lsaId: '222.0.2.0', ageSeconds: 0, announcement }];
    }
    if (effect.type !== 'run') return [];
    const { service, primitive, run } = effect;
    const outcome = this.#outcomeOf(primitive);
    return [{ type: 'primitive-ended', service, primitive, run, outcome, unixSeconds: 1 }];
  }
}
