import type { NodeState, Replica } from '../state/index.js';
import { recoversTooLong } from './joining.js';

/**
 * Not to be elected here: an operator said so, it is about to be deactivated, nobody knows whether it can be activated again,
 * or when somebody gives one of two nodes another router ID.
 */
export function isOnStandby(state: NodeState, replica: Replica): boolean {
  return replica.standby || state.duplicate || !wantsActive(state, replica) || recoversTooLong(state, replica);
}

/** Whether the replica should be in an active state here. */
export function wantsActive(state: NodeState, replica: Replica): boolean {
  return replica.activationWanted && replica.definition.enabled && !replica.removed && !state.shuttingDown;
}
