import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** So many good checks in a row, and earlier restarts are forgotten. */
const WELL_AFTER = 10;

interface Tries {
  restarts: number;
  wellChecks: number;
}

/** A service whose checks fail is restarted at most `check.maxRestarts` times, and then given up. */
export class RestartLimit implements Watched {
  readonly #witness: Witness;
  readonly #tries = new Map<string, Tries>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  handled(machine: Machine, event: Event, effects: readonly Effect[]): void {
    if (event.type !== 'primitive-ended') return;
    const { service, primitive, outcome } = event;
    const key = `${machine.index} ${machine.life} ${service}`;
    if (primitive === 'start') this.#tries.delete(key);
    if (primitive !== 'check') return;
    const tries = this.#tries.get(key) ?? { restarts: 0, wellChecks: 0 };
    this.#tries.set(key, tries);
    tries.wellChecks = outcome.result === 'succeeded' ? tries.wellChecks + 1 : 0;
    if (tries.wellChecks >= WELL_AFTER) tries.restarts = 0;
    const replica = machine.engine?.state.replicas.get(service);
    const restarted = effects.some(
      (effect) => effect.type === 'run' && effect.service === service && effect.primitive === 'restart',
    );
    // An operator waits for the answer of a restart that he has asked for.
    if (replica?.job == null || !restarted || replica.job.requests.length > 0) return;
    const { maxRestarts } = replica.definition.check;
    tries.restarts++;
    this.#witness.tested('restarts after failed checks');
    if (tries.restarts <= maxRestarts) return;
    const text = `${machine.name} restarts ${service} for the ${tries.restarts}th time, not at most ${maxRestarts} times`;
    throw new Violation('restarts', text);
  }
}
