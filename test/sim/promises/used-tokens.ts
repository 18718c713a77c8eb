import type { Effect } from '../../../src/cluster/index.js';
import type { RouterId, Sequence } from '../../../src/model/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** So long nodes have reached each other, and each has all the words of the other. */
const SETTLED_MS = 12_000;

/** An agreement to a start, and the highest claim that was known where it was first given. */
interface Agreed {
  readonly owner: RouterId;
  readonly claim: number;
  readonly known: number;
  readonly sequence: Sequence;
}

/**
 * The fencing token of a resource never goes back, on whatever node, while a node that can be reached and has the resource knows of
 * a higher one that was used: also where the state directory was lost. Whoever agrees to a start says so at once.
 */
export class UsedTokens implements Watched {
  readonly #witness: Witness;
  readonly #machines = new Set<Machine>();
  /** By service: the highest that a start ever got. */
  readonly #used = new Map<string, { readonly claim: number; readonly atMs: number }>();
  readonly #agreed = new Map<string, Agreed>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    this.#machines.add(machine);
  }

  daemonEnds(machine: Machine): void {
    this.#machines.delete(machine);
    const own = `${machine.index} `;
    for (const key of this.#agreed.keys()) if (key.startsWith(own)) this.#agreed.delete(key);
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'service') return;
    const { assent, definition, sequence } = effect.announcement;
    const key = `${machine.index} ${definition.name}`;
    if (assent === null) {
      this.#agreed.delete(key);
      return;
    }
    const before = this.#agreed.get(key);
    if (before?.owner === assent.owner && before.claim === assent.claim) return;
    const known = machine.engine?.state.groups.get(definition.group)?.highestClaim ?? 0;
    this.#agreed.set(key, { owner: assent.owner, claim: assent.claim, known, sequence });
  }

  starts(machine: Machine, service: string, claim: number): void {
    const definition = machine.engine?.state.replicas.get(service)?.definition;
    if (definition?.kind !== 'resource') return;
    const { nowMs } = this.#witness;
    const used = this.#used.get(service);
    if (used === undefined || claim > used.claim) this.#used.set(service, { claim, atMs: nowMs });
    if (used === undefined) return;
    for (const other of this.#machines) {
      if (other === machine) continue;
      const known = Math.max(
        this.#knownFromAgreement(machine, other, service, claim),
        this.#knownForLong(machine, other, service, definition.group, used.atMs),
      );
      if (known < used.claim) continue;
      this.#witness.tested('tokens: another node knows the highest that was used');
      if (claim >= used.claim) continue;
      const text = `${machine.name} starts resource ${service} with claim ${claim}, though ${used.claim} was used before, and ${other.name} knows of ${known}`;
      throw new Violation('token', text);
    }
  }

  /** What the other one knew when it agreed to this start: nobody starts before that has come. */
  #knownFromAgreement(machine: Machine, other: Machine, service: string, claim: number): number {
    const agreed = this.#agreed.get(`${other.index} ${service}`);
    if (agreed?.owner !== machine.id || agreed.claim !== claim) return 0;
    const heard = this.#witness.heard(machine).replica(service, other.id)?.announcement.sequence;
    const { epoch, counter } = agreed.sequence;
    return heard?.epoch === epoch && heard.counter >= counter ? agreed.known : 0;
  }

  #knownForLong(machine: Machine, other: Machine, service: string, group: string, usedMs: number): number {
    if (this.#witness.nowMs - usedMs < SETTLED_MS || !this.#tells(machine, other, service)) return 0;
    return other.engine?.state.groups.get(group)?.highestClaim ?? 0;
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
