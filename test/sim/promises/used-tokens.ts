import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** So long nodes have reached each other, and each has all the words of the other. */
const SETTLED_MS = 12_000;

/**
 * The fencing token of a resource never goes back, on whatever node, while a node that can be reached and has the resource knows of
 * a higher one that was used: also where the state directory was lost.
 */
export class UsedTokens implements Watched {
  readonly #witness: Witness;
  readonly #machines = new Set<Machine>();
  /** By service: the highest that a start ever got. */
  readonly #used = new Map<string, { readonly claim: number; readonly atMs: number }>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    this.#machines.add(machine);
  }

  daemonEnds(machine: Machine): void {
    this.#machines.delete(machine);
  }

  starts(machine: Machine, service: string, claim: number): void {
    const definition = machine.engine?.state.replicas.get(service)?.definition;
    if (definition?.kind !== 'resource') return;
    const { nowMs } = this.#witness;
    const used = this.#used.get(service);
    if (used === undefined || claim > used.claim) this.#used.set(service, { claim, atMs: nowMs });
    if (used === undefined || nowMs - used.atMs < SETTLED_MS) return;
    for (const other of this.#machines) {
      const known = other.engine?.state.groups.get(definition.group)?.highestClaim ?? 0;
      if (other === machine || known < used.claim || !this.#tells(machine, other, service)) continue;
      this.#witness.tested('tokens: another node knows the highest that was used');
      if (claim >= used.claim) continue;
      const text = `${machine.name} starts resource ${service} with claim ${claim}, though ${used.claim} was used before, and ${other.name} knows of ${known}`;
      throw new Violation('token', text);
    }
  }

  /** Whether both have long heard all of each other, and the other has nothing that it has just heard from somebody else. */
  #tells(machine: Machine, other: Machine, service: string): boolean {
    const heard = this.#witness.heard(machine);
    const sinceMs = heard.nodes.get(other.id)?.reachableSinceMs ?? Number.POSITIVE_INFINITY;
    const lastMs = Math.max(
      ...[...this.#witness.heard(other).nodes.values()].map((node) => node.reachableSinceMs ?? 0),
    );
    const settledMs = Math.max(sinceMs, lastMs, machine.thawedMs, other.thawedMs, other.daemonSinceMs);
    if (other.frozenSinceMs !== null || this.#witness.nowMs - settledMs < SETTLED_MS) return false;
    return (heard.replica(service, other.id)?.carriers.size ?? 0) > 0;
  }
}
