import { type GroupState, type NodeState, type Replica, startHasBegun } from '../state/index.js';
import { indexDefinition } from '../view/index.js';

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

export function joinGroup(state: NodeState, replica: Replica): GroupState {
  const group = groupState(state, replica.definition.group);
  indexDefinition(state.view, replica.definition);
  group.highestClaim = Math.max(group.highestClaim, replica.persisted.highestClaim);
  return group;
}

/** Those that need this one are stopped before it, and before it is restarted. */
export function hasRunningDependents(state: NodeState, replica: Replica): boolean {
  const { name, group } = replica.definition;
  for (const dependent of state.view.dependents.get(name) ?? []) {
    const other = state.replicas.get(dependent);
    if (other?.definition.group !== group || !other.definition.dependsOn.includes(name)) continue;
    if (other.run === 'started' || other.run === 'stopping') return true;
    // Its address may be up already: before `start` has begun it needs nothing, and waits for this one to be started again.
    if (startHasBegun(other)) return true;
  }
  return false;
}
