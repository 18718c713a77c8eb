import type { Failure } from '../../model/index.js';
import type { NodeState, Replica } from '../state/index.js';

/**
 * What is announced and shown as the failure of a replica. Of one that is stopped because something it depends on has
 * failed here, that: it is no state of its own, and is over when the other's failure is.
 */
export function shownFailure(state: NodeState, replica: Replica): Failure | null {
  if (replica.failure !== null || replica.config !== 'active' || replica.run !== 'stopped') return replica.failure;
  const failed = failedDependency(state, replica, new Set());
  if (failed === null) return null;
  const { name } = failed.definition;
  return {
    code: 'dependency-failed',
    reason: `${name}, which it depends on, has failed here (${failed.failure?.code})`,
  };
}

function failedDependency(state: NodeState, replica: Replica, seen: Set<string>): Replica | null {
  for (const name of replica.definition.dependsOn) {
    const needed = state.replicas.get(name);
    if (needed === undefined || seen.has(name)) continue;
    seen.add(name);
    if (needed.run === 'failed' || needed.config === 'failed') return needed;
    const deeper = failedDependency(state, needed, seen);
    if (deeper !== null) return deeper;
  }
  return null;
}
