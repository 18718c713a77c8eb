import type { Effect } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { HeardReplica } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** So long a node has been within reach, and its words are there, if none of them counts less. */
const SETTLED_MS = 12_000;

/** No service takes an address away from another one that uses it. */
export class Addresses implements Watched {
  readonly #witness: Witness;
  readonly #said = new Map<string, string>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    const own = `${machine.index} `;
    for (const key of this.#said.keys()) if (key.startsWith(own)) this.#said.delete(key);
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'service') return;
    const { runState, definition } = effect.announcement;
    const key = `${machine.index} ${definition.name}`;
    const before = this.#said.get(key);
    this.#said.set(key, runState);
    if (runState !== 'starting' || before === 'starting') return;
    const heard = this.#witness.heard(machine);
    if ([...heard.replicas(definition.name)].some((other) => this.#uses(machine, other))) return;
    for (const [name, replica] of machine.engine?.state.replicas ?? []) {
      if (name !== definition.name && share(replica.definition.addresses, definition.addresses)) {
        this.#witness.tested('addresses: one that another service has');
        if (replica.run === 'started') this.#throw(machine, definition.name, name);
      }
      for (const other of heard.replicas(name)) {
        if (name === definition.name || !share(other.announcement.definition.addresses, definition.addresses)) continue;
        this.#witness.tested('addresses: one that another service has');
        if (this.#certainlyServes(machine, other)) this.#throw(machine, definition.name, name);
      }
    }
  }

  #throw(machine: Machine, service: string, other: string): never {
    throw new Violation('address', `${machine.name} takes ${service} over, whose address ${other} uses`);
  }

  #uses(machine: Machine, { origin, announcement, carriers }: HeardReplica): boolean {
    const { runState } = announcement;
    const uses = runState === 'starting' || runState === 'started' || runState === 'stopping';
    return uses && carriers.size > 0 && this.#witness.heard(machine).isReachable(origin);
  }

  #certainlyServes(machine: Machine, other: HeardReplica): boolean {
    const heard = this.#witness.heard(machine);
    // Whoever carries on alone takes all others for dead.
    if (heard.full === 0) return false;
    const sinceMs = heard.nodes.get(other.origin)?.reachableSinceMs ?? Number.POSITIVE_INFINITY;
    const runners = this.#witness.world?.monitor.exclusion.runners(other.announcement.definition.name) ?? [];
    const runs = runners.some(
      ({ id, engine, frozenSinceMs }) => id === other.origin && engine !== null && frozenSinceMs === null,
    );
    return (
      runs &&
      other.announcement.runState === 'started' &&
      other.carriers.size > 0 &&
      heard.hasRoute(other) &&
      this.#witness.nowMs - sinceMs > SETTLED_MS
    );
  }
}

function share(a: readonly string[], b: readonly string[]): boolean {
  return a.some((address) => b.includes(address));
}
