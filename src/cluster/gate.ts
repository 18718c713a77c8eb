import type { ServiceAnnouncement } from './announcement.js';
import type { RouterId } from './router-id.js';
import type { NodeState } from './state.js';
import { reachableReplicas } from './view.js';

/**
 * The gate: before `start` begins, no other reachable node may hold the service. Null: it is open. Otherwise who closes
 * it, in words.
 */
export function gateClosedBy(state: NodeState, service: string): { node: RouterId; why: string } | null {
  if (state.phase === 'alone') return null;
  for (const { origin, announcement, confirmed } of reachableReplicas(state.view, service)) {
    if (!confirmed) return { node: origin, why: 'has not yet confirmed what it announced before it was reachable' };
    if (holds(announcement)) return { node: origin, why: `says ${announcement.runState}` };
  }
  return null;
}

/** An unconfirmed replica keeps a node from even entering `starting`: it may turn out to be the owner. */
export function unconfirmedReplica(state: NodeState, service: string): RouterId | null {
  if (state.phase === 'alone') return null;
  for (const { origin, confirmed } of reachableReplicas(state.view, service)) {
    if (!confirmed) return origin;
  }
  return null;
}

/** A replica that may be using the service now. A resource whose stop failed may still be in use. */
export function holds(announcement: ServiceAnnouncement): boolean {
  switch (announcement.runState) {
    case 'starting':
    case 'started':
    case 'stopping':
      return true;
    case 'failed':
      return (
        announcement.definition.kind === 'resource' &&
        (announcement.failure?.code === 'stop-failed' || announcement.failure?.code === 'stop-timed-out')
      );
    case 'stopped':
      return false;
  }
}
