import type { Failure } from '../../model/index.js';
import type { NodeState, Replica } from '../state/index.js';

/**
 * What is announced and shown as the failure of a replica. Of one that is stopped because something it depends on has
 * failed here, that: it is no state of its own, and is over when the other's failure is.
 */
export function shownFailure(state: NodeState, replica: Replica): Failure | null {
  return shown(replica, () => failedDependency(state, replica, new Set()));
}

/** The same of all members of a group here, which come in dependency order. */
export function shownFailures(members: readonly Replica[]): Map<Replica, Failure | null> {
  const failed = new Map<string, Replica>();
  const failures = new Map<Replica, Failure | null>();
  for (const replica of members) {
    const needed = replica.definition.dependsOn.find((name) => failed.has(name));
    const first = needed === undefined ? null : (failed.get(needed) ?? null);
    const cause = hasFailed(replica) ? replica : first;
    if (cause !== null) failed.set(replica.definition.name, cause);
    failures.set(
      replica,
      shown(replica, () => first),
    );
  }
  return failures;
}

function shown(replica: Replica, failedHere: () => Replica | null): Failure | null {
  if (replica.failure !== null || replica.config !== 'active' || replica.run !== 'stopped') return replica.failure;
  const failed = failedHere();
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
    if (hasFailed(needed)) return needed;
    const deeper = failedDependency(state, needed, seen);
    if (deeper !== null) return deeper;
  }
  return null;
}

function hasFailed({ run, config }: Replica): boolean {
  return run === 'failed' || config === 'failed';
}
