import {
  type Candidate,
  electOwner,
  type NodeFacts,
  type ReplicaFacts,
  referenceDefinitions,
  usableMembers,
} from './election.js';
import type { RouterId } from './router-id.js';
import type { NodeState, Replica } from './state.js';
import { addToGroup, reachableReplicas } from './view.js';

/** What this node holds of a group: its own claim, and what it last found out about the owner. */
export interface GroupState {
  readonly name: string;
  /** Ours; 0 while we are not owner. */
  claim: number;
  /** Our claim was taken with `--pin`. */
  pinned: boolean;
  /** The highest claim ever known for the group, also from nodes that are gone. */
  highestClaim: number;
  /** Whom the election named last; null: nobody can run it. */
  owner: RouterId | null;
}

export function groupState(state: NodeState, name: string): GroupState {
  let group = state.groups.get(name);
  if (group === undefined) {
    group = { name, claim: 0, pinned: false, highestClaim: 0, owner: null };
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
    runState: replica.run,
    standby: isOnStandby(state, replica),
    joining: isJoining(state, replica),
    claim: group.claim,
    pinned: group.pinned,
    confirmed: true,
  };
}

/** Not to be elected here: an operator said so, or it is about to be deactivated. */
export function isOnStandby(state: NodeState, replica: Replica): boolean {
  return replica.standby || !wantsActive(state, replica);
}

export function isJoining(state: NodeState, replica: Replica): boolean {
  return state.phase === 'joining' || state.phase === 'isolated' || replica.recovering;
}

/** Whether the replica should be in an active state here. */
export function wantsActive(state: NodeState, replica: Replica): boolean {
  return replica.activationWanted && replica.definition.enabled && !replica.removed && !state.shuttingDown;
}

/** What all nodes that count announce of a group's members; this node first, if it has any. */
export function groupFacts(state: NodeState, group: string): NodeFacts[] {
  const nodes = new Map<RouterId, { id: RouterId; standby: boolean; replicas: Map<string, ReplicaFacts> }>();
  const add = (id: RouterId, standby: boolean, service: string, facts: ReplicaFacts): void => {
    const node = nodes.get(id) ?? { id, standby, replicas: new Map<string, ReplicaFacts>() };
    nodes.set(id, node);
    node.replicas.set(service, facts);
  };
  for (const service of state.view.groups.get(group) ?? []) {
    const own = state.replicas.get(service);
    if (own?.config === 'active' && own.definition.group === group && state.self !== null) {
      add(state.self, state.standby, service, ownFacts(state, own));
    }
    if (state.phase === 'alone') continue;
    for (const { origin, announcement, confirmed } of reachableReplicas(state.view, service)) {
      if (announcement.definition.group !== group) continue;
      const standby = state.view.nodes.get(origin)?.daemon?.standby ?? false;
      add(origin, standby, service, { ...announcement, confirmed });
    }
  }
  return [...nodes.values()];
}

/** Elects the owner from the present view, and names the members that this node should be running. */
export function place(state: NodeState, group: string): { owner: Candidate | null; wanted: ReadonlySet<string> } {
  const facts = groupFacts(state, group);
  const owner = electOwner(facts);
  const here = facts.find(({ id }) => id === state.self);
  if (owner === null || owner.id !== state.self || here === undefined || state.phase === 'isolated') {
    return { owner, wanted: new Set() };
  }
  return { owner, wanted: usableMembers(here, referenceDefinitions(facts)) };
}

export function joinGroup(state: NodeState, replica: Replica): GroupState {
  const group = groupState(state, replica.definition.group);
  addToGroup(state.view, group.name, replica.definition.name);
  group.highestClaim = Math.max(group.highestClaim, replica.persisted.highestClaim);
  return group;
}
