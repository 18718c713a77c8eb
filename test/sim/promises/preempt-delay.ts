import type { Effect } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** A node that joins does not offer itself for what another one serves before `preemptDelay` is over. */
export class PreemptDelay implements Watched {
  readonly #witness: Witness;
  readonly #joined = new Map<Machine, { readonly atMs: number; readonly delaysMs: ReadonlyMap<string, number> }>();
  readonly #phases = new Map<Machine, string>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    this.#joined.delete(machine);
    this.#phases.delete(machine);
  }

  handled(machine: Machine): void {
    const state = machine.engine?.state;
    if (state === undefined || this.#phases.get(machine) === state.phase) return;
    this.#phases.set(machine, state.phase);
    if (state.phase !== 'joining') return;
    const delaysMs = new Map<string, number>();
    for (const [name, { definition }] of state.replicas) delaysMs.set(name, definition.preemptDelayMs);
    this.#joined.set(machine, { atMs: this.#witness.nowMs, delaysMs });
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'service') return;
    const { definition, runState, joining } = effect.announcement;
    if (runState !== 'stopped' || joining) return;
    const joined = this.#joined.get(machine);
    const atFirstMs = joined?.delaysMs.get(definition.name) ?? 0;
    const nowMs = machine.engine?.state.replicas.get(definition.name)?.definition.preemptDelayMs ?? 0;
    const delayMs = Math.min(atFirstMs, nowMs);
    if (joined === undefined || delayMs === 0) return;
    const heard = this.#witness.heard(machine);
    for (const other of heard.replicas(definition.name)) {
      const { origin, announcement, carriers } = other;
      const serves = announcement.runState === 'started' && carriers.size > 0 && heard.isReachable(origin);
      if (!serves || !heard.hasRoute(other)) continue;
      this.#witness.tested('preempt delay');
      const sinceMs = this.#witness.nowMs - joined.atMs;
      if (sinceMs >= delayMs - 1) return;
      const text = `${machine.name} offers itself for ${definition.name}, which ${this.#witness.nameOf(origin)} serves, ${Math.round(sinceMs)} ms after it joined, not ${delayMs} ms`;
      throw new Violation('preempt delay', text);
    }
  }
}
