import { addressTakenBy } from './address-conflict.js';
import type { SharedDefinition } from './announcement.js';
import {
  type Bar,
  bestCandidate,
  type Candidate,
  type NodeFacts,
  type ReplicaFacts,
  referenceDefinitions,
  requiredMembers,
  usableMembers,
} from './election.js';
import { isJoining } from './joining.js';
import { heldByRestart } from './restart.js';
import type { RouterId } from './router-id.js';
import type { NodeState, Replica } from './state.js';
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
  /** When our claim was last renewed before a start (monotonic ms). */
  renewedAtMs: number;
  /** Whom the election named last; null: nobody can run it. */
  owner: RouterId | null;
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
      renewedAtMs: Number.NEGATIVE_INFINITY,
      owner: null,
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
  if (state.view.nodes.get(observed.origin)?.silent) return 'silent';
  if (!observed.confirmed) return 'unconfirmed';
  if (observed.routeless) return 'no-route';
  return addressBar(state, observed.announcement.definition);
}

function addressBar(state: NodeState, { name, addresses }: SharedDefinition): Bar | null {
  return addressTakenBy(state, name, addresses) === null ? null : 'address-conflict';
}

/** Not to be elected here: an operator said so, or it is about to be deactivated. */
export function isOnStandby(state: NodeState, replica: Replica): boolean {
  return replica.standby || !wantsActive(state, replica);
}

/** Whether the replica should be in an active state here. */
export function wantsActive(state: NodeState, replica: Replica): boolean {
  return replica.activationWanted && replica.definition.enabled && !replica.removed && !state.shuttingDown;
}

/** What all nodes that count announce of a group's members, in whatever group they have them; this node first. */
export function groupFacts(state: NodeState, group: string): NodeFacts[] {
  const nodes = new Map<RouterId, { id: RouterId; standby: boolean; replicas: Map<string, ReplicaFacts> }>();
  const add = (id: RouterId, standby: boolean, service: string, facts: ReplicaFacts): void => {
    const node = nodes.get(id) ?? { id, standby, replicas: new Map<string, ReplicaFacts>() };
    nodes.set(id, node);
    node.replicas.set(service, facts);
  };
  for (const service of state.view.groups.get(group) ?? []) {
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
  readonly definitions: ReadonlyMap<string, SharedDefinition>;
  readonly required: ReadonlySet<string>;
  readonly owner: Candidate | null;
  /** The members that this node should be running. */
  readonly wanted: ReadonlySet<string>;
}

/** Elects the owner from the present view, and names the members that this node should be running. */
export function place(state: NodeState, group: string): Placement {
  const facts = groupFacts(state, group);
  const definitions = referenceDefinitions(facts, group);
  const required = requiredMembers(definitions);
  const owner = bestCandidate(facts, definitions, required);
  const here = owner !== null && owner.id === state.self ? facts.find(({ id }) => id === owner.id) : undefined;
  const wanted =
    here === undefined || state.phase === 'isolated' ? new Set<string>() : usableMembers(here, definitions);
  if (wanted.size > 0) for (const name of heldByRestart(state, group)) wanted.delete(name);
  return { facts, definitions, required, owner, wanted };
}

export function joinGroup(state: NodeState, replica: Replica): GroupState {
  const group = groupState(state, replica.definition.group);
  indexDefinition(state.view, replica.definition);
  group.highestClaim = Math.max(group.highestClaim, replica.persisted.highestClaim);
  return group;
}
