import type { Machine } from '../machine.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** At rest everybody has heard everybody's newest words, and they are of the present life. */
export class SaidAnew implements Watched {
  readonly #witness: Witness;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  problemAtRest(live: readonly Machine[]): string | null {
    const announced = this.#witness.world?.monitor.announced;
    for (const machine of live) {
      for (const [name, { sequence }] of announced?.get(machine)?.services ?? []) {
        const epoch = machine.engine?.state.epoch;
        if (sequence.epoch !== epoch) {
          return `${machine.name}: ${name} was announced in epoch ${sequence.epoch}, and not again in ${epoch}`;
        }
        for (const other of live) {
          if (other === machine) continue;
          const heard = this.#witness.heard(other).replica(name, machine.id);
          const newest = heard?.announcement.sequence;
          if (heard?.carriers.size !== 0 && newest?.epoch === epoch && newest.counter >= sequence.counter) continue;
          // A check's stamp travels slowly, in place.
          if (newest?.epoch === epoch && newest.counter >= this.#changed(machine, name)) continue;
          return `${other.name} has not heard the newest that ${machine.name} says of ${name}`;
        }
      }
    }
    return null;
  }

  #changed(machine: Machine, service: string): number {
    return this.#witness.world?.monitor.changedCounters.get(`${machine.index} ${service}`) ?? 0;
  }
}
