import { routerId } from '../model/index.js';
import { outcomesExpired } from './answers/index.js';
import { commandExpired, commandUnanswered } from './commands/index.js';
import { answeredHolderExpired, routeTimeEnded, takeoverDelayEnded } from './exclusion/index.js';
import { recoveryTimeEnded } from './group/index.js';
import { DUPLICATE_TIMER } from './hearing.js';
import {
  answerTimeEnded,
  idleTimeEnded,
  JOIN_TIMER,
  joinHoldEnded,
  MEMORY_TIMER,
  quietTimeEnded,
  RESOURCES_TIMER,
  RETURNED_TIMER,
  settlePhase,
  suspicionEnded,
  sweep,
} from './nodes/index.js';
import { callJob, checkDue, forgetFailures, ownRouteTimeEnded, retryDue } from './replica/index.js';
import type { Turn } from './state/index.js';

/** A timer is due. Its name says what it is for, and then which service, node or command it is about. */
export function timerEnded(turn: Turn, name: string): void {
  const [kind, first = '', second = ''] = name.split(' ');
  switch (kind) {
    case JOIN_TIMER:
      return joinHoldEnded(turn);
    case RESOURCES_TIMER:
    case RETURNED_TIMER:
    case 'newcomer':
      return markAllDirty(turn);
    case DUPLICATE_TIMER:
      turn.state.duplicate = false;
      return settlePhase(turn);
    case 'command-expires':
      return commandExpired(turn, Number(first));
    case 'command-unanswered':
      return commandUnanswered(turn, Number(first));
    case MEMORY_TIMER:
      return sweep(turn);
    case 'outcomes':
      return outcomesExpired(turn);
    case 'quiet':
      return quietTimeEnded(turn, routerId(Number(first)));
    case 'silent':
      return answerTimeEnded(turn, routerId(Number(first)));
    case 'suspicion':
      return suspicionEnded(turn, routerId(Number(first)));
    case 'idle':
      return idleTimeEnded(turn, first, routerId(Number(second)));
    case 'takeover':
      return takeoverDelayEnded(turn, first, routerId(Number(second)));
    case 'holder':
      return answeredHolderExpired(turn, first, routerId(Number(second)));
    case 'route':
      return routeTimeEnded(turn, first, routerId(Number(second)));
    default:
      return replicaTimer(turn, kind ?? '', first);
  }
}

function replicaTimer(turn: Turn, kind: string, service: string): void {
  const replica = turn.state.replicas.get(service);
  if (replica === undefined) return;
  turn.dirty.add(replica.definition.group);
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
