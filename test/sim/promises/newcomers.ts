import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** What was lost on its way comes with OSPF's retransmission, 5 s later. */
const HOLD_MS = 6_000;
/** Who comes so often in a minute keeps nobody waiting. */
const FLAPS = 9;

/** Nobody starts a resource before a node that has just come could say whether it uses it. */
export class Newcomers implements Watched {
  readonly #witness: Witness;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  starts(machine: Machine, service: string): void {
    if (machine.engine?.state.replicas.get(service)?.definition.kind !== 'resource') return;
    const { nowMs } = this.#witness;
    const heard = this.#witness.heard(machine);
    for (const { id, reachableSinceMs, arrivalsMs, daemonCarriers } of heard.nodes.values()) {
      // A daemon that begins anew where it was within reach tells at once what it has.
      if (reachableSinceMs === null || daemonCarriers.size === 0) continue;
      if (arrivalsMs.filter((atMs) => atMs > nowMs - 60_000).length >= FLAPS) continue;
      const sinceMs = nowMs - reachableSinceMs;
      if (sinceMs >= HOLD_MS * 2) continue;
      this.#witness.tested('newcomers');
      if (sinceMs >= HOLD_MS - 1 || heard.replica(service, id) !== undefined) continue;
      const text = `${machine.name} starts resource ${service}, though ${this.#witness.nameOf(id)} came ${Math.round(sinceMs)} ms ago and has not said a word of it`;
      throw new Violation('newcomer', text);
    }
  }
}
