import { reply } from '../answers/index.js';
import { hasRunningDependents } from '../group/index.js';
import type { Replica, Turn } from '../state/index.js';
import { endedEarly, startJob } from './jobs.js';
import { endWatch } from './watch.js';

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
  endWatch(turn, replica);
  startJob(turn, replica, 'restart', requests);
  return true;
}

/** The service has to stop: there is nothing to restart. */
export function endRestart(turn: Turn, replica: Replica): void {
  for (const request of replica.restart?.requests ?? []) reply(turn, request, false, endedEarly(replica, 'restart'));
  replica.restart = null;
}
