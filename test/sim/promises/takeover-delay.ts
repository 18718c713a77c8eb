import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import { mayUse } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** Who has confirmed that a service is stopped may have ended the wait for a holder that became unreachable afterwards. */
const CONFIRMED_MS = 60_000;

/** Nobody starts what a node held that became unreachable less than `takeoverDelay` ago. */
export class TakeoverDelay implements Watched {
  readonly #witness: Witness;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  starts(machine: Machine, service: string): void {
    const { nowMs, world } = this.#witness;
    const heard = this.#witness.heard(machine);
    const delayMs = machine.engine?.state.replicas.get(service)?.definition.takeoverDelayMs ?? 0;
    // Whoever carries on alone takes all others for dead.
    if (delayMs === 0 || heard.full === 0) return;
    if (nowMs - (world?.monitor.exclusion.confirmedMs(service) ?? 0) < CONFIRMED_MS) return;
    for (const { origin, announcement, carriers, heardMs, isOver } of heard.replicas(service)) {
      const node = heard.nodes.get(origin);
      const lostMs = node?.lostMs ?? null;
      // Of one that came back without a new word of the service nobody knows what it does.
      if (
        lostMs === null ||
        node === undefined ||
        heardMs < node.beforeLossMs ||
        carriers.size === 0 ||
        isOver ||
        !mayUse(announcement)
      )
        continue;
      this.#witness.tested('takeover delay');
      if (nowMs - lostMs >= delayMs - 1) continue;
      const after = `${Math.round(nowMs - lostMs)} ms after ${this.#witness.nameOf(origin)}, which held it, became unreachable`;
      throw new Violation('takeover delay', `${machine.name} starts ${service} ${after}, not ${delayMs} ms`);
    }
  }
}
