import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** By group, or by service: the highest claim. */
type Claims = Map<string, number>;

/**
 * A claim is one more than any that its node has ever known for the group, in this life or, as long as it has its disk, in
 * an earlier one. It goes from life to life with each member, and ends with a group in which nobody has any. What a
 * resource's `start` gets is above all that others have announced as theirs, and not below any that they know of.
 */
export class FencingTokens implements Watched {
  readonly #witness: Witness;
  /** What each machine knows in this life; and by service what it must still know in the next. */
  readonly #known = new Map<Machine, Claims>();
  readonly #kept = new Map<number, { readonly stateLosses: number; readonly claims: Claims }>();
  readonly #ofOthers = new Map<Machine, Claims>();
  readonly #own = new Map<Machine, Claims>();
  /** Who knows more than is certainly on disk. */
  readonly #unsettled = new Set<Machine>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    this.#unsettled.delete(machine);
    const kept = this.#kept.get(machine.index);
    const { stateLosses } = machine;
    if (kept?.stateLosses !== stateLosses) this.#kept.set(machine.index, { stateLosses, claims: new Map() });
    this.#known.set(machine, new Map());
    this.#ofOthers.set(machine, new Map());
    this.#own.set(machine, new Map());
  }

  handled(machine: Machine, event: Event): void {
    if (event.type === 'begin' || event.type === 'configure' || event.type === 'primitive-ended') this.#recall(machine);
    if (event.type !== 'announcement' || event.announcement.kind !== 'service') return;
    const { claim, knownClaim, definition } = event.announcement;
    const known = Math.max(claim, knownClaim ?? 0);
    if (known === 0) return;
    this.#unsettled.add(machine);
    raise(this.#known.get(machine), definition.group, known);
    if (event.origin !== machine.id) raise(this.#ofOthers.get(machine), definition.group, claim);
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'service') return;
    const { claim, definition } = effect.announcement;
    this.#announces(machine, definition.group, claim);
  }

  starts(machine: Machine, service: string, claim: number): void {
    const definition = machine.engine?.state.replicas.get(service)?.definition;
    if (definition?.kind !== 'resource') return;
    const highest = this.#ofOthers.get(machine)?.get(definition.group) ?? 0;
    if (highest > 0) this.#witness.tested('claims: a resource starts with the highest');
    const known = this.#known.get(machine)?.get(definition.group) ?? 0;
    if (claim > highest && claim >= known) return;
    const text = `${machine.name} starts resource ${service} with claim ${claim}, though it has heard of ${Math.max(highest, known)}`;
    throw new Violation('claim', text);
  }

  /** What was known when an event was done with is on disk, where the group has a member. */
  settled(machine: Machine): void {
    this.#forget(machine);
    if (!this.#unsettled.delete(machine)) return;
    const kept = this.#kept.get(machine.index)?.claims;
    const known = this.#known.get(machine);
    for (const [service, { definition }] of machine.engine?.state.replicas ?? []) {
      raise(kept, service, known?.get(definition.group) ?? 0);
    }
  }

  /** A member may be new in its group, and knows more: then the others learn it, and write it down. */
  #recall(machine: Machine): void {
    const kept = this.#kept.get(machine.index)?.claims;
    const known = this.#known.get(machine);
    for (const [service, { definition }] of machine.engine?.state.replicas ?? []) {
      raise(known, definition.group, kept?.get(service) ?? 0);
      this.#unsettled.add(machine);
    }
  }

  #forget(machine: Machine): void {
    const known = this.#known.get(machine);
    if (known === undefined || known.size === 0) return;
    const heard = this.#witness.heard(machine);
    for (const group of known.keys()) {
      if (hasMember(machine, group) || heard.hasMember(group)) continue;
      known.delete(group);
      this.#ofOthers.get(machine)?.delete(group);
    }
  }

  #announces(machine: Machine, group: string, claim: number): void {
    const own = this.#own.get(machine);
    const known = this.#known.get(machine);
    const before = own?.get(group) ?? 0;
    own?.set(group, claim);
    if (claim === 0 || claim === before) return;
    const highest = known?.get(group) ?? 0;
    raise(known, group, claim);
    this.#unsettled.add(machine);
    if (highest > 0) this.#witness.tested('claims: one more than any known');
    if (claim > highest) return;
    throw new Violation('claim', `${machine.name} takes claim ${claim} for ${group}, though it has known ${highest}`);
  }
}

function hasMember({ engine }: Machine, group: string): boolean {
  for (const { definition } of engine?.state.replicas.values() ?? []) if (definition.group === group) return true;
  return false;
}

function raise(claims: Claims | undefined, group: string, claim: number): void {
  if (claims !== undefined && claim > (claims.get(group) ?? 0)) claims.set(group, claim);
}
