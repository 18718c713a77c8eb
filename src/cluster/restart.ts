import { localMembers } from './group.js';
import { endedEarly, startJob } from './jobs.js';
import type { NodeState, Replica, Turn } from './state.js';
import { hasRunningDependents } from './stopping.js';
import { reply } from './turn.js';

/**
 * The service is to be restarted, because its check failed or an operator asked. What depends on it is stopped before, and
 * started again afterwards, as Pacemaker does with what is ordered after a resource that it recovers.
 */
export function beginRestart(replica: Replica, requests: readonly string[] = []): void {
  replica.restart = { requests: [...(replica.restart?.requests ?? []), ...requests] };
}

/** Calls `restart` once nothing that depends on the service runs. Returns whether it did. */
export function advanceRestart(turn: Turn, replica: Replica, { requests }: NonNullable<Replica['restart']>): boolean {
  if (hasRunningDependents(turn.state, replica)) return false;
  replica.restart = null;
  startJob(turn, replica, 'restart', requests);
  return true;
}

/** The service has to stop: there is nothing to restart. */
export function endRestart(turn: Turn, replica: Replica): void {
  for (const request of replica.restart?.requests ?? []) reply(turn, request, false, endedEarly(replica, 'restart'));
  replica.restart = null;
}

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
