import { withdrawReplica } from '../announcing/index.js';
import { hasRunningDependents } from '../group/index.js';
import { emit, type Replica, type Turn } from '../state/index.js';
import { noteFailure } from './failures.js';
import { endHandover } from './handover.js';
import { startJob } from './jobs.js';
import { endRestart } from './restart.js';
import { mayBeRunning, transition } from './transition.js';
import { endWatch } from './watch.js';

/** The replica must leave `starting` or `started`. `why`: for people. */
export function beginStopping(turn: Turn, replica: Replica, why: string): true {
  endHandover(turn, replica);
  endRestart(turn, replica);
  replica.stopEnded = false;
  return transition(turn, replica, 'active', 'stopping', why);
}

/** One step from `stopping` to `stopped` or `failed`. */
export function advanceStopping(turn: Turn, replica: Replica): boolean {
  if (!replica.stopEnded) {
    if (hasRunningDependents(turn.state, replica)) return false;
    endWatch(turn, replica);
    startJob(turn, replica, 'stop');
    return true;
  }
  if (replica.alias === 'rising' || replica.alias === 'falling') return false;
  if (replica.alias === 'up') {
    replica.alias = 'falling';
    emit(turn, { type: 'alias-down', service: replica.definition.name });
    return true;
  }
  return finishStopping(turn, replica);
}

function finishStopping(turn: Turn, replica: Replica): true {
  const { failing } = replica;
  replica.failing = null;
  if (failing === null) return transition(turn, replica, 'active', 'stopped');
  replica.failure = failing;
  const why = `${failing.code}: ${failing.reason}`;
  if (failing.code === 'injection-refused') {
    transition(turn, replica, 'failed', 'stopped', why);
  } else {
    transition(turn, replica, 'active', 'failed', why);
    noteFailure(turn, replica);
    startJob(turn, replica, 'failed');
  }
  withdrawRefused(turn, replica);
  return true;
}

/** What ospfd refused to announce is withdrawn, but not while it may still be running here. */
export function withdrawRefused(turn: Turn, replica: Replica): void {
  if (replica.refused && !mayBeRunning(replica)) withdrawReplica(turn, replica);
}
