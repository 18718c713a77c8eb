import type { SharedDefinition } from './announcement.js';
import type { RouterId } from './router-id.js';
import type { RunState } from './states.js';

/** What the election may know of one replica; of our own the current state, of others the announcement. */
export interface ReplicaFacts {
  readonly definition: SharedDefinition;
  readonly preference: number;
  readonly runState: RunState;
  readonly standby: boolean;
  readonly joining: boolean;
  readonly claim: number;
  readonly pinned: boolean;
  /** Why the replica does not count although it is active; null: it counts. */
  readonly bar: Bar | null;
}

/** What keeps an active replica from being a candidate, besides what it says of itself. */
export type Bar = 'unconfirmed' | 'silent' | 'no-route' | 'address-conflict' | 'duplicate-router-id';

/** A node and its announced replicas of one group's members, by service name. */
export interface NodeFacts {
  readonly id: RouterId;
  readonly standby: boolean;
  readonly replicas: ReadonlyMap<string, ReplicaFacts>;
}

/** What the order compares. */
export interface Candidate {
  readonly id: RouterId;
  readonly pin: number;
  readonly preference: number;
  readonly claim: number;
  readonly preempt: boolean;
}

/** The owner of a group: a pure function of what all nodes announce of its members. Null: no node can run it. */
export function electOwner(nodes: readonly NodeFacts[], group: string): Candidate | null {
  const definitions = referenceDefinitions(nodes, group);
  return bestCandidate(nodes, definitions, requiredMembers(definitions));
}

/** The most preferred of these nodes. */
export function bestCandidate(
  nodes: readonly NodeFacts[],
  definitions: ReadonlyMap<string, SharedDefinition>,
  required: ReadonlySet<string>,
): Candidate | null {
  let best: Candidate | null = null;
  for (const node of nodes) {
    const candidate = candidacy(node, definitions, required);
    if (candidate !== null && (best === null || compareCandidates(candidate, best) > 0)) best = candidate;
  }
  return best;
}

/**
 * The definition that counts for each service: that of the started replica with the highest router ID, else of the
 * announced one with the highest. Replicas that differ from it are in conflict; a service whose reference is in another
 * group is no member of this one.
 */
export function referenceDefinitions(nodes: readonly NodeFacts[], group: string): Map<string, SharedDefinition> {
  const best = new Map<string, { definition: SharedDefinition; started: boolean; id: RouterId }>();
  for (const { id, replicas } of nodes) {
    for (const [service, { definition, runState }] of replicas) {
      const started = runState === 'started';
      const known = best.get(service);
      if (known === undefined || (started === known.started ? id > known.id : started)) {
        best.set(service, { definition, started, id });
      }
    }
  }
  const references = new Map<string, SharedDefinition>();
  for (const [service, { definition }] of best) if (definition.group === group) references.set(service, definition);
  return references;
}

/** The critical members and all that they depend on: without one of these a node cannot own the group. */
export function requiredMembers(definitions: ReadonlyMap<string, SharedDefinition>): Set<string> {
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
export function candidacy(
  node: NodeFacts,
  definitions: ReadonlyMap<string, SharedDefinition>,
  required: ReadonlySet<string>,
): Candidate | null {
  if (node.standby) return null;
  const usable = usableMembers(node, definitions);
  if (required.size > 0) {
    for (const service of required) if (!usable.has(service)) return null;
  } else if (usable.size === 0) return null;

  let preference = 255;
  let claim = 0;
  let pin = 0;
  let preempt = true;
  for (const [service, facts] of node.replicas) {
    if (definitions.get(service)?.group !== facts.definition.group) continue;
    claim = Math.max(claim, facts.claim);
    if (facts.pinned) pin = Math.max(pin, facts.claim);
    if (required.size > 0 && !required.has(service)) continue;
    preference = Math.min(preference, facts.preference);
    preempt &&= definitions.get(service)?.preempt ?? true;
  }
  return { id: node.id, pin, preference, claim, preempt };
}

/** The members that the node could run: usable themselves, with all their dependencies. */
export function usableMembers(node: NodeFacts, definitions: ReadonlyMap<string, SharedDefinition>): Set<string> {
  const usable = new Set<string>();
  const visiting = new Set<string>();
  const visit = (service: string): boolean => {
    if (usable.has(service)) return true;
    if (visiting.has(service)) return false; // a dependency cycle, or known to be unusable
    visiting.add(service);
    const facts = node.replicas.get(service);
    const reference = definitions.get(service);
    if (facts === undefined || reference === undefined || !isUsable(facts, reference)) return false;
    if (!reference.dependsOn.every(visit)) return false;
    usable.add(service);
    return true;
  };
  for (const service of node.replicas.keys()) visit(service);
  return usable;
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

function isUsable(facts: ReplicaFacts, reference: SharedDefinition): boolean {
  return (
    facts.bar === null &&
    facts.runState !== 'failed' &&
    !facts.standby &&
    !facts.joining &&
    agrees(facts.definition, reference)
  );
}

/** Whether two definitions agree in everything that must be the same on all nodes. */
export function agrees(a: SharedDefinition, b: SharedDefinition): boolean {
  return (
    a === b ||
    (a.kind === b.kind &&
      a.group === b.group &&
      a.critical === b.critical &&
      a.scope === b.scope &&
      a.area === b.area &&
      a.preempt === b.preempt &&
      a.handover === b.handover &&
      sameSet(a.dependsOn, b.dependsOn) &&
      sameSet(a.addresses, b.addresses))
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/**
 * The order of candidates. Positive: `a` is preferred.
 *
 * Pin, preference, claim, router ID; with `preempt: false` the claim comes before the preference. The thesis (5.4.1.1)
 * breaks ties by the highest IP address; the router ID is that address's successor.
 */
export function compareCandidates(a: Candidate, b: Candidate): number {
  const byPreference = a.preference - b.preference;
  const byClaim = a.claim - b.claim;
  const middle = a.preempt && b.preempt ? byPreference || byClaim : byClaim || byPreference;
  return a.pin - b.pin || middle || a.id - b.id;
}
