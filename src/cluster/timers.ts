import * as membership from './membership.js';
import { checkDue } from './checks.js';
import { suspicionEnded } from './confirmation.js';
import { MEMORY_TIMER, sweep } from './forgetting.js';
import { DUPLICATE_TIMER } from './hearing.js';
import { answeredHolderExpired, takeoverDelayEnded } from './holders.js';
import { idleTimeEnded } from './idle-owner.js';
import { callJob } from './jobs.js';
import { recoveryTimeEnded } from './joining.js';
import { outcomesExpired } from './outcomes-kept.js';
import { commandExpired, commandUnanswered } from './remote-commands.js';
import { forgetFailures } from './failures.js';
import { retryDue } from './retry.js';
import { routerId } from './router-id.js';
import { ownRouteTimeEnded } from './own-route.js';
import { routeTimeEnded } from './routes.js';
import { answerTimeEnded, quietTimeEnded } from './silence.js';
import type { Turn } from './state.js';

/** A timer is due. Its name says what it is for, and then which service, node or command it is about. */
export function timerEnded(turn: Turn, name: string): void {
  const [kind, first = '', second = ''] = name.split(' ');
  switch (kind) {
    case membership.JOIN_TIMER:
      return membership.joinHoldEnded(turn);
    case membership.RESOURCES_TIMER:
    case membership.RETURNED_TIMER:
    case 'newcomer':
      return markAllDirty(turn);
    case DUPLICATE_TIMER:
      turn.state.duplicate = false;
      return membership.settlePhase(turn);
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
