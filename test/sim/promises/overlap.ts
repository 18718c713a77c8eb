import type { Effect } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import { type Heard, type HeardReplica, isTheSame } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/**
 * With `handover: overlap` a planned move leaves no moment in which nobody serves: the old owner stops after its successor
 * has started and is routed (or `timeouts.start` has passed), and the successor is not routed before it has started.
 */
export class Overlap implements Watched {
  readonly #witness: Witness;
  /** Since when another node is the owner of what a machine serves. */
  readonly #leavesMs = new Map<string, number>();
  /** What its daemon takes for started: a `start` may end well in the moment in which it is killed. */
  readonly #serving = new Set<string>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  settled(machine: Machine): void {
    for (const [name, { definition, run }] of machine.engine?.state.replicas ?? []) {
      if (definition.handover !== 'overlap') continue;
      const key = `${machine.index} ${name}`;
      if (run !== 'started') {
        // Whose `start` is still being verified serves nobody yet, whatever it did in an earlier life.
        if (run !== 'stopping') this.#serving.delete(key);
        continue;
      }
      this.#serving.add(key);
      if (!isOwnedElsewhere(machine, definition.group)) this.#leavesMs.delete(key);
      else if (!this.#leavesMs.has(key)) this.#leavesMs.set(key, this.#witness.nowMs);
    }
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type === 'run' && effect.primitive === 'stop' && effect.context.recall === 0) {
      this.#checkStop(machine, effect.service);
    } else if (effect.type === 'alias-up' && !effect.withheld) this.#checkAddress(machine, effect.service);
  }

  #checkStop(machine: Machine, service: string): void {
    const key = `${machine.index} ${service}`;
    const leavesMs = this.#leavesMs.get(key) ?? this.#witness.nowMs;
    this.#leavesMs.delete(key);
    const replica = machine.engine?.state.replicas.get(service);
    const heard = this.#witness.heard(machine);
    if (!this.#serving.delete(key) || replica?.definition.handover !== 'overlap') return;
    if (!machine.calls.started.has(service)) return;
    // Who fails or is isolated does not serve on; nor who began as one that an earlier life had left running.
    if (replica.failing !== null || replica.recovering || machine.engine?.state.phase !== 'member') return;
    const owner = machine.engine.state.groups.get(replica.definition.group)?.owner ?? null;
    if (owner === null || owner === machine.id) return;
    // Definitions that differ make the owner depend on which of them counts; a resource anywhere is handed over to nobody.
    const others = [...heard.replicas(service)].filter(({ carriers }) => carriers.size > 0);
    const successor = others.find(({ origin }) => origin === owner)?.announcement.definition;
    if (!isTheSame(successor, replica.definition)) return;
    if (others.some(({ announcement }) => announcement.definition.kind === 'resource')) return;
    this.#witness.tested('overlap: the old owner stops');
    if (this.#witness.nowMs - leavesMs >= replica.definition.timeoutsMs.start - 1) return;
    if (others.some((other) => serves(heard, other))) return;
    throw new Violation('overlap', `${machine.name} stops ${service}, which no other node serves yet`);
  }

  #checkAddress(machine: Machine, service: string): void {
    const heard = this.#witness.heard(machine);
    if (machine.engine?.state.replicas.get(service)?.definition.handover !== 'overlap' || heard.full === 0) return;
    for (const other of heard.replicas(service)) {
      if (!serves(heard, other) || other.announcement.definition.handover !== 'overlap') continue;
      throw new Violation('overlap', `${machine.name} is routed to for ${service} before it has started it`);
    }
  }
}

function isOwnedElsewhere(machine: Machine, group: string): boolean {
  const owner = machine.engine?.state.groups.get(group)?.owner ?? null;
  return owner !== null && owner !== machine.id;
}

function serves(heard: Heard, other: HeardReplica): boolean {
  if (!heard.isReachable(other.origin) || other.carriers.size === 0) return false;
  return other.announcement.runState === 'started' && heard.hasRoute(other);
}
