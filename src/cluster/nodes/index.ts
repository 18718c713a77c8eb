/**
 * The other nodes: who can be reached, whose word is confirmed, who is silent or idle, what of them may be forgotten; and
 * whether this node takes part.
 *
 * It must not know the states of replicas here beyond what membership needs.
 */
export { admitsNode, admitsService, noteDropped } from './admission.js';
export { daemonSpoke, mayBeOutOfDate, settleSuspicion, suspicionEnded } from './confirmation.js';
export { forgetHigherEpochs, limitGone, noteGone, noteOutdone, planSweep, sweep } from './forgetting.js';
export { forgetIdleness, hasActed, idleTimeEnded, watchOwner } from './idle-owner.js';
export {
  joinHoldEnded,
  leaseOverrun,
  memberHappened,
  neighboursChanged,
  reachabilityChanged,
  sessionConnected,
  sessionLost,
  sessionSynced,
  settlePhase,
} from './membership.js';
export { answerTimeEnded, awaitNodes, nodeHeard, quietTimeEnded } from './silence.js';
