import type { NodeStatus, ReplicaStatus } from '../api/types.js';

/** How urgent a state is to the eye. `off`: nothing can be said or expected of it. */
export type Tone = 'ok' | 'busy' | 'idle' | 'warn' | 'bad' | 'off';

export interface Condition {
  readonly tone: Tone;
  /** What stands beside the mark: colour and shape alone say nothing to many people. */
  readonly word: string;
}

/** What a replica is doing, in one word and one tone. */
export function conditionOf(replica: ReplicaStatus, node: NodeStatus | undefined): Condition {
  if (!replica.reachable || node?.reachable === false) return { tone: 'off', word: 'unreachable' };
  if (replica.state === 'failed' || replica.config === 'failed') return { tone: 'bad', word: 'failed' };
  if (replica.config !== 'active') return ofConfig(replica.config);
  switch (replica.state) {
    case 'started':
      return { tone: replica.notCounted === null ? 'ok' : 'bad', word: 'started' };
    case 'starting':
    case 'stopping':
      return { tone: 'busy', word: replica.state };
    default:
      return ofStopped(replica, node);
  }
}

function ofConfig(config: string): Condition {
  if (config === 'injected' || config === 'deactivated') return { tone: 'busy', word: config };
  return { tone: 'off', word: config };
}

function ofStopped(replica: ReplicaStatus, node: NodeStatus | undefined): Condition {
  if (replica.notCounted !== null) return { tone: 'warn', word: 'not counted' };
  if (replica.standby || node?.standby) return { tone: 'idle', word: 'standby' };
  if (replica.joining) return { tone: 'busy', word: 'joining' };
  return { tone: 'idle', word: 'stopped' };
}

/** Whether the replica could own its service now, as far as it says itself. */
export function couldOwn(replica: ReplicaStatus, node: NodeStatus | undefined): boolean {
  return (
    replica.reachable &&
    replica.config === 'active' &&
    replica.state !== 'failed' &&
    replica.failure === null &&
    replica.notCounted === null &&
    !replica.standby &&
    !replica.joining &&
    node?.standby !== true
  );
}
