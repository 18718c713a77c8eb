import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** Quiet for 3 s it is asked, and it has 11 s to answer. */
const LIMIT_MS = 14_000;
const SLACK_MS = 1_000;

/** Nobody waits for ever for an owner that does not act and does not answer. */
export class SilentOwner implements Watched {
  readonly #witness: Witness;
  /** Since when a machine takes another node for the owner of a service of a group of its own. */
  readonly #waitsMs = new Map<string, { readonly owner: number; readonly sinceMs: number }>();

  readonly #lookedMs = new Map<Machine, number>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonEnds(machine: Machine): void {
    const own = `${machine.index} `;
    for (const key of this.#waitsMs.keys()) if (key.startsWith(own)) this.#waitsMs.delete(key);
  }

  settled(machine: Machine): void {
    const { nowMs } = this.#witness;
    const state = machine.engine?.state;
    // A look now and then is enough for what takes many seconds.
    if (state?.phase !== 'member' || nowMs - (this.#lookedMs.get(machine) ?? 0) < SLACK_MS / 2) return;
    this.#lookedMs.set(machine, nowMs);
    const heard = this.#witness.heard(machine);
    for (const [service, { definition }] of state.replicas) {
      if (definition.group !== service) continue;
      const key = `${machine.index} ${service}`;
      const owner = state.groups.get(service)?.owner ?? null;
      const node = owner === null ? undefined : heard.nodes.get(owner);
      const said = owner === null ? undefined : heard.replica(service, owner);
      const acts = said?.announcement.runState === 'started';
      // Nobody waits for a member that the owner has withdrawn: it may own the group with the others.
      const has = said !== undefined && said.carriers.size > 0;
      if (owner === null || owner === machine.id || node?.reachableSinceMs == null || !has || acts) {
        this.#waitsMs.delete(key);
        continue;
      }
      const before = this.#waitsMs.get(key);
      const waits = before?.owner === owner ? before : { owner, sinceMs: nowMs };
      this.#waitsMs.set(key, waits);
      const sinceMs = Math.max(waits.sinceMs, node.newsMs, node.reachableSinceMs, machine.thawedMs);
      if (nowMs - sinceMs > LIMIT_MS / 2) this.#witness.tested('silent: an owner that does not act for 7 s');
      if (nowMs - sinceMs < LIMIT_MS + SLACK_MS) continue;
      const text = `${machine.name} has waited for ${Math.round(nowMs - sinceMs)} ms for ${this.#witness.nameOf(owner)}, which says nothing, to start ${service}`;
      throw new Violation('silent', text);
    }
  }
}
