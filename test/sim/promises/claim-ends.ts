import type { Effect, Event } from '../../../src/cluster/index.js';
import type { ServiceAnnouncement, SharedDefinition } from '../../../src/model/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** A claim is given back at once with standby, deactivation, isolation and the failure of a critical member. */
export class ClaimEnds implements Watched {
  readonly #witness: Witness;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  handled(machine: Machine, _event: Event, effects: readonly Effect[]): void {
    // An event that raises the epoch makes a node say all anew before its groups are settled: what it says last of a replica
    // is what the event has led to.
    const last = new Map<string, ServiceAnnouncement>();
    for (const effect of effects) {
      if (effect.type !== 'announce' || effect.announcement.kind !== 'service') continue;
      last.set(effect.announcement.definition.name, effect.announcement);
    }
    for (const announcement of last.values()) this.#check(machine, announcement);
  }

  #check(machine: Machine, announcement: ServiceAnnouncement): void {
    const { definition, claim, standby, joining, runState } = announcement;
    const state = machine.engine?.state;
    // A member that is only being activated does not count yet: the other members may be running here without it.
    const counts = state?.replicas.get(definition.name)?.config !== 'injected';
    if (!definition.critical || !counts || state === undefined) return;
    const why = standby
      ? 'it is on standby'
      : state.standby
        ? 'its node is on standby'
        : runState === 'failed'
          ? 'it has failed'
          : joining || state.phase === 'isolated'
            ? 'it does not take part'
            : null;
    if (why === null) return;
    if (runState === 'stopping') this.#witness.tested('claims: one ends with standby, failure or isolation');
    if (claim === 0 || !this.#isAgreed(machine, definition)) return;
    throw new Violation('claim', `${machine.name} keeps its claim ${claim} for ${definition.name}, although ${why}`);
  }

  /** Where definitions disagree, another one may say that the member is not critical. */
  #isAgreed(machine: Machine, { name, group }: SharedDefinition): boolean {
    const heard = this.#witness.heard(machine);
    return [...heard.replicas(name)].every(
      ({ announcement: { definition }, carriers }) =>
        carriers.size === 0 || (definition.critical && definition.group === group),
    );
  }
}
