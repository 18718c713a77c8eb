import { groupState, isResourceSomewhere } from '../group/index.js';
import type { NodeState } from '../state/index.js';
import { type Observed, reachableReplicas } from '../view/index.js';

/** The one replica that is handing over to us does not close our gate; of two that run, neither knows about the other. */
export function isHandingOver(state: NodeState, observed: Observed): boolean {
  const { definition, runState } = observed.announcement;
  if (definition.handover !== 'overlap' || definition.kind !== 'service' || runState !== 'started') return false;
  if (isResourceSomewhere(state, definition.name)) return false;
  if (groupState(state, definition.group).owner !== state.self) return false;
  let running = 0;
  for (const { announcement } of reachableReplicas(state.view, definition.name)) {
    if (announcement.runState === 'starting' || announcement.runState === 'started') running += 1;
  }
  return running === 1;
}
