import type { Effect } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import { mayUse } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** Nobody agrees to the start of a resource that, as far as it has heard, a third node may be using. */
export class ThirdNode implements Watched {
  readonly #witness: Witness;

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'service') return;
    const { assent, definition } = effect.announcement;
    if (assent === null) return;
    const heard = this.#witness.heard(machine);
    if (heard.replica(definition.name, assent.owner)?.announcement.runState !== 'starting') return;
    this.#witness.tested('assent to an owner that is starting');
    for (const { origin, announcement, carriers, heardMs } of heard.replicas(definition.name)) {
      const sinceMs = heard.nodes.get(origin)?.reachableSinceMs ?? null;
      if (origin === assent.owner || carriers.size === 0 || !mayUse(announcement)) continue;
      if (sinceMs === null || heardMs < sinceMs) continue;
      const text = `${machine.name} agrees to the start of resource ${definition.name}, though it has heard that ${this.#witness.nameOf(origin)} says ${announcement.runState}`;
      throw new Violation('assent', text);
    }
  }
}
