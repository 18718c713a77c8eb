/**
 * A group as this node sees it: its members here, its claim, what counts of its replicas elsewhere, and whom the election
 * names.
 *
 * It must not change a replica, nor know whether a start is safe.
 */
export { addressTakenBy } from './address-conflict.js';
export { dropClaim, nextClaim, noteOtherClaims, noteOwnClaims, persistHighestClaim, takeClaim } from './claim.js';
export { countingReplicas } from './counting.js';
export { unindexDefinition } from './definition-index.js';
export { endingDependency, isRestarting } from './dependencies.js';
export { barOf, groupFacts, otherFacts, ownFacts, referenceOf } from './group-facts.js';
export {
  beginRecovery,
  beginResourceHold,
  delayPreemption,
  isJoining,
  isListening,
  newcomer,
  newcomerHeard,
  nodeArrived,
  RESOURCE_HOLD_MS,
  recoveryTimeEnded,
  resourceMayStart,
} from './joining.js';
export { groupState, hasRunningDependents, joinGroup, localMembers } from './members.js';
export { type Placement, place } from './place.js';
export { isResourceSomewhere } from './resource-somewhere.js';
export { isOnStandby, wantsActive } from './wanted.js';
