import { addressTakenBy } from './address-conflict.js';
import { agrees } from './agreement.js';
import type { SharedDefinition } from './announcement.js';
import { type Bar, whyNotCounting } from './counting.js';
import { bestCandidate, type Candidate, missingMembers, type Requirements, requirementsOf } from './election.js';
import type { NodeFacts, ReplicaFacts } from './facts.js';
import { isJoining, recoversTooLong } from './joining.js';
import { referenceDefinitions } from './reference.js';
import { heldByDependencies } from './restart.js';
import type { RouterId } from './router-id.js';
import type { NodeState, Replica } from './state.js';
import { usableMembers } from './usable.js';
import { indexDefinition, type Observed, reachableReplicas } from './view.js';

/** What this node holds of a group: its own claim, and what it last found out about the owner. */
export interface GroupState {
  readonly name: string;
  /** Ours; 0 while we are not owner. */
  claim: number;
  /** Our claim was taken with `--pin`. */
  pinned: boolean;
  /** The highest claim ever known for the group, also from nodes that are gone. */
  highestClaim: number;
  /** The highest claim ever known of another node. */
  highestOtherClaim: number;
  /** The last claim that was too far above all known ones to be believed; 0: none. */
  suspectClaim: number;
  /** When our claim was last renewed before a start (monotonic ms). */
  renewedAtMs: number;
  /** Whom the election named last; null: nobody can run it. */
  owner: RouterId | null;
  /** The elected node that does not begin to start it, while its time runs (idle-owner.ts); null: there is none. */
  idleOwner: RouterId | null;
  /** The required members without which this node owns it, as people were last told. */
  missing: string;
}

export function groupState(state: NodeState, name: string): GroupState {
  let group = state.groups.get(name);
  if (group === undefined) {
    group = {
      name,
      claim: 0,
      pinned: false,
      highestClaim: 0,
      highestOtherClaim: 0,
      suspectClaim: 0,
      renewedAtMs: Number.NEGATIVE_INFINITY,
      owner: null,
      idleOwner: null,
      missing: '',
    };
    state.groups.set(name, group);
  }
  return group;
}

/** The replicas of this node that belong to a group, in dependency order: what is needed comes first. */
export function localMembers(state: NodeState, group: string): Replica[] {
  const ordered: Replica[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const replica = state.replicas.get(name);
    if (replica === undefined || replica.definition.group !== group || seen.has(name)) return;
    seen.add(name);
    replica.definition.dependsOn.forEach(visit);
    ordered.push(replica);
  };
  state.view.groups.get(group)?.forEach(visit);
  return ordered;
}

/** This node enters the election with what is true now, not with what it last announced. */
export function ownFacts(state: NodeState, replica: Replica): ReplicaFacts {
  const group = groupState(state, replica.definition.group);
  return {
    definition: replica.definition,
    preference: replica.definition.preference,
    // What follows a failed step is still going on, but the node knows already that it will not run this member.
    runState: replica.failing === null ? replica.run : 'failed',
    standby: isOnStandby(state, replica),
    joining: isJoining(state, replica),
    claim: group.claim,
    pinned: group.pinned,
    bar: state.duplicate ? 'duplicate-router-id' : addressBar(state, replica.definition),
  };
}

/** What counts of another node's replica. One without its route has no claim. */
export function otherFacts(state: NodeState, observed: Observed): ReplicaFacts {
  const { definition, preference, runState, standby, joining, claim, pinned } = observed.announcement;
  const bar = barOf(state, observed);
  const counts = !observed.routeless;
  return {
    definition,
    preference,
    runState,
    standby,
    joining,
    claim: counts ? claim : 0,
    pinned: counts && pinned,
    bar,
  };
}

/** Why another node's replica does not count; null: it does. */
export function barOf(state: NodeState, observed: Observed): Bar | null {
  return whyNotCounting(state.view, observed) ?? addressBar(state, observed.announcement.definition);
}

function addressBar(state: NodeState, { name, addresses }: SharedDefinition): Bar | null {
  return addressTakenBy(state, name, addresses) === null ? null : 'address-conflict';
}

/** Not to be elected here: an operator said so, it is about to be deactivated, or nobody knows whether it can be activated again. */
export function isOnStandby(state: NodeState, replica: Replica): boolean {
  return replica.standby || !wantsActive(state, replica) || recoversTooLong(state, replica);
}

/** Whether the replica should be in an active state here. */
export function wantsActive(state: NodeState, replica: Replica): boolean {
  return replica.activationWanted && replica.definition.enabled && !replica.removed && !state.shuttingDown;
}

/** What all nodes that can be reached announce of a group's members, in whatever group they have them; this node first. */
export function groupFacts(state: NodeState, group: string): NodeFacts[] {
  return factsOf(state, state.view.groups.get(group) ?? []);
}

/** The definition of a service that counts, in whatever group that is; undefined: nobody who counts has the service. */
export function referenceOf(state: NodeState, service: string): SharedDefinition | undefined {
  const facts = factsOf(state, [service]);
  const definitions = facts.flatMap(({ replicas }) => replicas.get(service)?.definition ?? []);
  const isDisputed = definitions.some((definition, _, [first]) => first !== undefined && !agrees(definition, first));
  for (const group of new Set(definitions.map((definition) => definition.group))) {
    // Of a disputed definition it matters what else its nodes could run.
    const reference = referenceDefinitions(isDisputed ? groupFacts(state, group) : facts, group).get(service);
    if (reference !== undefined) return reference;
  }
  return undefined;
}

function factsOf(state: NodeState, services: Iterable<string>): NodeFacts[] {
  const nodes = new Map<RouterId, { id: RouterId; standby: boolean; replicas: Map<string, ReplicaFacts> }>();
  const add = (id: RouterId, standby: boolean, service: string, facts: ReplicaFacts): void => {
    const node = nodes.get(id) ?? { id, standby, replicas: new Map<string, ReplicaFacts>() };
    nodes.set(id, node);
    node.replicas.set(service, facts);
  };
  for (const service of services) {
    const own = state.replicas.get(service);
    if (own?.config === 'active' && state.self !== null) {
      add(state.self, state.standby, service, ownFacts(state, own));
    }
    if (state.phase === 'alone') continue;
    for (const observed of reachableReplicas(state.view, service)) {
      const standby = state.view.nodes.get(observed.origin)?.daemon?.standby ?? false;
      add(observed.origin, standby, service, otherFacts(state, observed));
    }
  }
  return [...nodes.values()];
}

/** What the election made of the present view of a group. */
export interface Placement {
  readonly facts: readonly NodeFacts[];
  readonly requirements: Requirements;
  readonly owner: Candidate | null;
  /** The members that this node should be running. */
  readonly wanted: ReadonlySet<string>;
  /** The required members that this node has not got, though it owns the group. */
  readonly missing: readonly string[];
}

/** Elects the owner from the present view, and names the members that this node should be running. */
export function place(state: NodeState, group: string): Placement {
  const facts = groupFacts(state, group);
  const requirements = requirementsOf(facts, group);
  const owner = bestCandidate(facts, requirements);
  const here = owner !== null && owner.id === state.self ? facts.find(({ id }) => id === owner.id) : undefined;
  const isOurs = here !== undefined && state.phase !== 'isolated';
  const wanted = isOurs ? usableMembers(here, requirements.definitions) : new Set<string>();
  for (const name of heldByDependencies(state, group)) wanted.delete(name);
  const missing = isOurs ? missingMembers(here, requirements) : [];
  return { facts, requirements, owner, wanted, missing };
}

export function joinGroup(state: NodeState, replica: Replica): GroupState {
  const group = groupState(state, replica.definition.group);
  indexDefinition(state.view, replica.definition);
  group.highestClaim = Math.max(group.highestClaim, replica.persisted.highestClaim);
  return group;
}
