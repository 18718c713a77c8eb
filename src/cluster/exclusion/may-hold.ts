import { holds, type ServiceAnnouncement, stopHasFailed } from '../../model/index.js';
import { isResourceSomewhere } from '../group/index.js';
import type { NodeState } from '../state/index.js';

/** Whether the replica may be using what this is for anybody: its own node may take the resource for a service by mistake. */
export function mayHold(state: NodeState, announcement: ServiceAnnouncement): boolean {
  return (
    holds(announcement) || (stopHasFailed(announcement) && isResourceSomewhere(state, announcement.definition.name))
  );
}
