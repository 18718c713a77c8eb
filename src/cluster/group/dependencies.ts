import type { NodeState, Replica } from '../state/index.js';
import { localMembers } from './members.js';

export function isRestarting(replica: Replica | undefined): boolean {
  return replica !== undefined && (replica.restart !== null || replica.job?.primitive === 'restart');
}

/** The members of a group that must not run here while something that they need is restarted or stopped. */
export function heldByDependencies(state: NodeState, group: string): Set<string> {
  const held = new Set<string>();
  // In dependency order: what is needed comes first.
  for (const { definition } of localMembers(state, group)) {
    if (endingDependency(state, definition.dependsOn, held) !== null) held.add(definition.name);
  }
  return held;
}

/**
 * The first of these that is restarted or stopped, or waits for one that is. A stop is never aborted: who was not wanted
 * for a moment stops before it is started again, and so does what needs it.
 */
export function endingDependency(
  state: NodeState,
  dependsOn: readonly string[],
  held: ReadonlySet<string> = new Set(),
): string | null {
  const ends = (replica: Replica | undefined): boolean => isRestarting(replica) || replica?.run === 'stopping';
  return dependsOn.find((name) => ends(state.replicas.get(name)) || held.has(name)) ?? null;
}
