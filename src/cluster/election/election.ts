import type { RouterId, SharedDefinition } from '../../model/index.js';
import { counts, type NodeFacts, type ReplicaFacts } from './facts.js';
import { referenceDefinitions } from './reference.js';
import { usableMembers } from './usable.js';

/** What the order compares. */
export interface Candidate {
  readonly id: RouterId;
  readonly pin: number;
  readonly preference: number;
  readonly claim: number;
  readonly preempt: boolean;
  /** No node can run all that is required: it runs the rest. */
  readonly partial: boolean;
  /** How many members it can run: of all, where none is required, else of those that are. */
  readonly members: number;
}

/** What a group asks of the node that owns it. */
export interface Requirements {
  readonly definitions: ReadonlyMap<string, SharedDefinition>;
  /** The critical members and all that they depend on. */
  readonly required: ReadonlySet<string>;
  /** Some node can run all that is required, or could as soon as it has joined. */
  readonly canBeMet: boolean;
}

/** The owner of a group: a pure function of what all nodes announce of its members. Null: no node can run it. */
export function electOwner(nodes: readonly NodeFacts[], group: string): Candidate | null {
  return bestCandidate(nodes, requirementsOf(nodes, group));
}

/** The most preferred of these nodes. */
export function bestCandidate(nodes: readonly NodeFacts[], requirements: Requirements): Candidate | null {
  let best: Candidate | null = null;
  for (const node of nodes) {
    const candidate = candidacy(node, requirements);
    if (candidate !== null && (best === null || compareCandidates(candidate, best) > 0)) best = candidate;
  }
  return best;
}

export function requirementsOf(nodes: readonly NodeFacts[], group: string): Requirements {
  const definitions = referenceDefinitions(nodes, group);
  const required = requiredMembers(definitions);
  const canBeMet = nodes.some((node) => {
    if (node.standby) return false;
    const usable = usableMembers(node, definitions, 'joining too');
    return [...required].every((service) => usable.has(service));
  });
  return { definitions, required, canBeMet };
}

/** The critical members and all that they depend on: without one of these a node cannot own the group. */
function requiredMembers(definitions: ReadonlyMap<string, SharedDefinition>): Set<string> {
  const required = new Set<string>();
  const open = [...definitions.values()].filter((definition) => definition.critical).map(({ name }) => name);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (required.has(name)) continue;
    required.add(name);
    open.push(...(definitions.get(name)?.dependsOn ?? []));
  }
  return required;
}

/** The node as a candidate, or null where it is none. */
export function candidacy(node: NodeFacts, requirements: Requirements): Candidate | null {
  if (node.standby) return null;
  const { definitions, required } = requirements;
  const members = [...node.replicas].filter(([service, facts]) => isMember(service, facts, definitions));
  const claim = Math.max(0, ...members.map(([, facts]) => facts.claim));
  const usable = usableMembers(node, definitions);
  if (required.size === 0 ? usable.size === 0 : !meets(node, requirements, usable, claim > 0)) return null;

  const decisive = required.size === 0 ? members : members.filter(([service]) => required.has(service));
  return {
    id: node.id,
    pin: Math.max(0, ...members.map(([, facts]) => (facts.pinned ? facts.claim : 0))),
    preference: preferenceOf(
      decisive.map(([, facts]) => facts.preference),
      required.size > 0,
    ),
    claim,
    preempt: decisive.every(([service]) => definitions.get(service)?.preempt ?? true),
    partial: required.size > 0 && !requirements.canBeMet,
    members: required.size === 0 ? usable.size : [...required].filter((service) => usable.has(service)).length,
  };
}

/**
 * A node is as preferred as the least preferred of the members that it must have. Where it need have none of them, as the
 * most preferred of those that it has: so no node ever rises by losing one, and the group leaves no owner because
 * another node's daemon dies, whose announcements go one after the other, or because somebody deactivates a member there.
 */
function preferenceOf(preferences: readonly number[], areRequired: boolean): number {
  return areRequired ? Math.min(255, ...preferences) : Math.max(0, ...preferences);
}

/** The required members that a node has not got at all, which does not keep it from owning the group in two cases. */
export function missingMembers({ replicas }: NodeFacts, { definitions, required }: Requirements): string[] {
  return [...required].filter((service) => {
    const facts = replicas.get(service);
    return facts === undefined || facts.definition.group !== definitions.get(service)?.group;
  });
}

/**
 * Whether the node can run what is required. A member that it has not got at all is not held against the present owner:
 * a new member is defined on one node first, and that must not stop the group on another. Nor against anybody, where no
 * node can run all that is required: better without that member than not at all. One of the required members a
 * node must be able to run in any case.
 */
function meets(node: NodeFacts, requirements: Requirements, usable: ReadonlySet<string>, isOwner: boolean): boolean {
  const { required, canBeMet } = requirements;
  const missing = missingMembers(node, requirements);
  if (missing.length === required.size || (missing.length > 0 && canBeMet && !isOwner)) return false;
  return [...required].every((service) => usable.has(service) || missing.includes(service));
}

/** It counts, and is in the group that its reference is in. */
function isMember(service: string, facts: ReplicaFacts, definitions: Requirements['definitions']): boolean {
  return counts(facts) && definitions.get(service)?.group === facts.definition.group;
}

/** The services that need each other in a circle with this one; null: there is none. */
export function dependencyCycle(definitions: ReadonlyMap<string, SharedDefinition>, service: string): string[] | null {
  const path: string[] = [];
  const seen = new Set<string>();
  const leadsBack = (name: string): boolean => {
    path.push(name);
    for (const needed of definitions.get(name)?.dependsOn ?? []) {
      if (needed === service) return true;
      if (seen.has(needed)) continue;
      seen.add(needed);
      if (leadsBack(needed)) return true;
    }
    path.pop();
    return false;
  };
  return leadsBack(service) ? path : null;
}

/**
 * The order of candidates. Positive: `a` is preferred.
 *
 * Pin, preference, claim, members, router ID; with `preempt: false` the claim comes before the preference. Members come
 * after the claim: one that fails, and is not critical, fails alone. Where no node can run all that is required, the
 * owner keeps the group, and members come before the preference: what another node loses must not make it take what it
 * can run less of. The thesis (5.4.1.1) breaks ties by the highest IP
 * address; the router ID is that address's successor.
 */
export function compareCandidates(a: Candidate, b: Candidate): number {
  const byPreference = a.preference - b.preference;
  const byClaim = a.claim - b.claim;
  const byMembers = a.members - b.members;
  const middle = a.preempt && b.preempt ? byPreference || byClaim : byClaim || byPreference;
  const order = a.partial || b.partial ? byClaim || byMembers || byPreference : middle || byMembers;
  return a.pin - b.pin || order || a.id - b.id;
}
