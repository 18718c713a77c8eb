import { outcomesExpired } from './answers/index.js';
import { commandExpired, commandUnanswered } from './commands/index.js';
import { answeredHolderExpired, routeTimeEnded, takeoverDelayEnded } from './exclusion/index.js';
import { recoveryTimeEnded } from './group/index.js';
import {
  answerTimeEnded,
  idleTimeEnded,
  joinHoldEnded,
  quietTimeEnded,
  settlePhase,
  suspicionEnded,
  sweep,
} from './nodes/index.js';
import { callJob, checkDue, forgetFailures, ownRouteTimeEnded, retryDue } from './replica/index.js';
import type { Replica, ReplicaTimer, Timer, Turn } from './state/index.js';

/** A timer is due. */
export function timerEnded(turn: Turn, timer: Timer): void {
  switch (timer.kind) {
    case 'join':
      return joinHoldEnded(turn);
    case 'resources':
    case 'returned':
    case 'newcomer':
      return markAllDirty(turn);
    case 'duplicate':
      turn.state.duplicate = false;
      return settlePhase(turn);
    case 'command-expires':
      return commandExpired(turn, timer.nonce);
    case 'command-unanswered':
      return commandUnanswered(turn, timer.nonce);
    case 'memory':
      return sweep(turn);
    case 'outcomes':
      return outcomesExpired(turn);
    case 'quiet':
      return quietTimeEnded(turn, timer.node);
    case 'silent':
      return answerTimeEnded(turn, timer.node);
    case 'suspicion':
      return suspicionEnded(turn, timer.node);
    case 'idle':
      return idleTimeEnded(turn, timer.group, timer.node);
    case 'takeover':
      return takeoverDelayEnded(turn, timer.service, timer.node);
    case 'holder':
      return answeredHolderExpired(turn, timer.service, timer.node);
    case 'route':
      return routeTimeEnded(turn, timer.service, timer.node);
    default: {
      const replica = turn.state.replicas.get(timer.service);
      if (replica === undefined) return;
      turn.dirty.add(replica.definition.group);
      return replicaTimerEnded(turn, timer.kind, replica);
    }
  }
}

function replicaTimerEnded(turn: Turn, kind: ReplicaTimer, replica: Replica): void {
  switch (kind) {
    case 'recall':
      if (replica.job?.run === 0) callJob(turn, replica);
      return;
    case 'check':
      return checkDue(replica);
    case 'retry':
      return retryDue(turn, replica);
    case 'well':
      if (replica.run === 'started') forgetFailures(turn, replica);
      return;
    case 'recovery':
      return recoveryTimeEnded(turn, replica);
    case 'own-route':
      return ownRouteTimeEnded(turn, replica);
    case 'peers':
    case 'helper':
    case 'handover':
    case 'watch':
    case 'claim':
    case 'resource-hold':
    case 'preempt':
      return; // looking at the group again is enough
  }
}

function markAllDirty(turn: Turn): void {
  for (const group of turn.state.groups.keys()) turn.dirty.add(group);
}
