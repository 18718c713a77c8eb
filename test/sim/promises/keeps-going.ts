import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import { isTheSame } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** What OSPF tells, not people or the service itself. */
const TOLD_BY_OSPF: ReadonlySet<Event['type']> = new Set(['neighbours', 'reachability', 'routes', 'withdrawal']);

/** With `onIsolation: keep` a node that lost its neighbours, and nothing else, goes on with what it runs, and starts no resource. */
export class KeepsGoing implements Watched {
  readonly #witness: Witness;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  handled(machine: Machine, event: Event, effects: readonly Effect[]): void {
    if (!TOLD_BY_OSPF.has(event.type) || !this.#isAlone(machine)) return;
    for (const effect of effects) {
      if (effect.type !== 'happened' || effect.happening.node !== machine.id) continue;
      const { service, from, to } = effect.happening;
      if (from !== 'active/started' || to !== 'active/stopping') continue;
      if (service === null || this.#isToLeave(machine, service) || this.#isInConflict(machine, service)) continue;
      throw new Violation('keep', `${machine.name} stops ${service}, though it has lost nothing but its neighbours`);
    }
    const replicas = [...(machine.engine?.state.replicas.values() ?? [])];
    if (event.type === 'neighbours' && replicas.some(({ run }) => run === 'started'))
      this.#witness.tested('keep: what runs goes on');
  }

  starts(machine: Machine, service: string): void {
    if (machine.engine?.state.replicas.get(service)?.definition.kind !== 'resource' || !this.#isAlone(machine)) return;
    throw new Violation('keep', `${machine.name} starts resource ${service}, though it hears nobody`);
  }

  /** What an operator has put on standby, deactivated or removed, or on a daemon that is to end, may only have served on. */
  #isToLeave(machine: Machine, service: string): boolean {
    const state = machine.engine?.state;
    const replica = state?.replicas.get(service);
    if (state === undefined || replica === undefined || state.standby || state.shuttingDown) return true;
    return replica.standby || replica.removed || !replica.activationWanted;
  }

  /** Where nodes differ about a member of the group, its owner depends on who counts; who is alone has only its own word. */
  #isInConflict(machine: Machine, service: string): boolean {
    const replicas = machine.engine?.state.replicas;
    const group = replicas?.get(service)?.definition.group;
    const heard = this.#witness.heard(machine);
    return [...(replicas?.values() ?? [])]
      .filter(({ definition }) => definition.group === group)
      .some(({ definition }) =>
        [...heard.replicas(definition.name)].some(
          ({ carriers, announcement }) => carriers.size > 0 && !isTheSame(announcement.definition, definition),
        ),
      );
  }

  #isAlone(machine: Machine): boolean {
    const { full, synced } = this.#witness.heard(machine);
    return full === 0 && synced && this.#witness.world?.plan.nodes[machine.index]?.onIsolation === 'keep';
  }
}
