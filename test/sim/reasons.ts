import type { ServiceAnnouncement } from '../../src/model/index.js';
import type { Machine } from './machine.js';
import type { Announced } from './monitor.js';
import { Violation, type World } from './world.js';

/** How long others may believe what is not so any more: two retransmissions of OSPF, and the time until a death is noticed. */
const BELIEVED_MS = 20_000;

/**
 * Why a group may leave a node: a symmetric group never moves without a reason. What other nodes suffer or gain (a
 * crash, a return, a cleared failure) is none.
 */
export class Reasons {
  world: World | null = null;
  readonly #tenureSinceMs = new Map<string, number>();
  readonly #machineUntilMs = new Map<number, number>();
  readonly #groupUntilMs = new Map<string, number>();
  /** By group: when a node that owned it last gave it up, or its daemon ended. */
  readonly #ownerGoneMs = new Map<string, number>();
  /** By group: when a member was last withdrawn somewhere. It may have been a required one. */
  readonly #memberGoneMs = new Map<string, number>();
  /** What daemons had out when they ended. OSPF deletes it bit by bit, and meanwhile what is left of it counts. */
  #endedLately: { readonly announced: Announced; readonly atMs: number }[] = [];
  #topologyMs = Number.NEGATIVE_INFINITY;

  tenureBegins(machine: Machine, group: string): void {
    const key = `${machine.index} ${group}`;
    if (!this.#tenureSinceMs.has(key)) this.#tenureSinceMs.set(key, this.#nowMs());
  }

  /** Something happens to this machine, until then. */
  machineTroubled(machine: Machine, forMs = 0): void {
    const untilMs = Math.max(this.#machineUntilMs.get(machine.index) ?? 0, this.#nowMs() + forMs);
    this.#machineUntilMs.set(machine.index, untilMs);
  }

  /** An operator does something to this group, and it may take so long to be carried out. */
  groupDirty(group: string, forMs: number): void {
    this.#groupUntilMs.set(group, Math.max(this.#groupUntilMs.get(group) ?? 0, this.#nowMs() + forMs));
  }

  topologyChanged(forMs: number): void {
    this.#topologyMs = Math.max(this.#topologyMs, this.#nowMs() + forMs);
  }

  daemonEnds(announced: Announced): void {
    this.ownerGoes(announced);
    this.#endedLately.push({ announced, atMs: this.#nowMs() });
  }

  /** Its daemon ends, or is cut off: others go on counting what it announced until they hear otherwise. */
  ownerGoes({ services }: Announced): void {
    for (const announced of services.values()) this.ownershipEnds(announced);
  }

  ownershipEnds({ definition, claim }: ServiceAnnouncement): void {
    if (claim > 0) this.#ownerGoneMs.set(definition.group, this.#nowMs());
  }

  withdrawn(announced: ServiceAnnouncement): void {
    this.ownershipEnds(announced);
    this.#memberGoneMs.set(announced.definition.group, this.#nowMs());
  }

  checkLeaving(
    machine: Machine,
    { definition }: ServiceAnnouncement,
    announced: ReadonlyMap<Machine, Announced>,
  ): void {
    const { group } = definition;
    const key = `${machine.index} ${group}`;
    const sinceMs = this.#tenureSinceMs.get(key);
    this.#tenureSinceMs.delete(key);
    if (sinceMs === undefined) return;
    const reasonMs = Math.max(
      this.#machineUntilMs.get(machine.index) ?? Number.NEGATIVE_INFINITY,
      this.#groupUntilMs.get(group) ?? Number.NEGATIVE_INFINITY,
      this.#topologyMs,
    );
    const believedMs = this.#nowMs() - BELIEVED_MS;
    // Of two owners one gives way, also if the other is one no longer.
    if ((this.#ownerGoneMs.get(group) ?? Number.NEGATIVE_INFINITY) >= Math.max(sinceMs, believedMs)) return;
    if ((this.#memberGoneMs.get(group) ?? Number.NEGATIVE_INFINITY) >= believedMs) return;
    this.#endedLately = this.#endedLately.filter(({ atMs }) => atMs >= believedMs);
    const counted = [...announced.values(), ...this.#endedLately.map((ended) => ended.announced)];
    if (reasonMs >= sinceMs || !isSymmetric(group, counted)) return;
    for (const [other, { services }] of announced) {
      if (other === machine) continue;
      for (const each of services.values()) if (each.definition.group === group && each.claim > 0) return;
    }
    throw new Violation('stability', `${machine.name}: the symmetric group ${group} leaves without a reason`);
  }

  #nowMs(): number {
    return this.world?.clock.nowMs ?? 0;
  }
}

/** Equal preferences, and the same members on every node that has any: else another node may be the only able one. */
function isSymmetric(group: string, announced: readonly Announced[]): boolean {
  let preference: number | undefined;
  let members: string | undefined;
  for (const { services } of announced) {
    const here = [...services.values()].filter(({ definition }) => definition.group === group);
    if (here.length === 0) continue;
    const names = here.map(({ definition }) => definition.name).sort();
    members ??= names.join();
    if (names.join() !== members) return false;
    for (const each of here) {
      preference ??= each.preference;
      if (each.preference !== preference) return false;
    }
  }
  return true;
}
