import { agrees, type RouterId, type SharedDefinition } from '../../model/index.js';
import { type Bar, type NodeFacts, type ReplicaFacts, referenceDefinitions } from '../election/index.js';
import type { NodeState, Replica } from '../state/index.js';
import { type Observed, reachableReplicas } from '../view/index.js';
import { addressTakenBy } from './address-conflict.js';
import { whyNotCounting } from './counting.js';
import { isJoining } from './joining.js';
import { groupState } from './members.js';
import { isOnStandby } from './wanted.js';

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
