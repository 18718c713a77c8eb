import type { NotCounting } from '../election/index.js';
import type { NodeState } from '../state/index.js';
import { type Observed, reachableReplicas, type View } from '../view/index.js';

/** Why a replica of another node that can be reached does not count; null: it does. */
export function whyNotCounting(view: View, observed: Observed): NotCounting | null {
  const node = view.nodes.get(observed.origin);
  if (node?.silent) return 'silent';
  if (!observed.confirmed) return 'unconfirmed';
  if (observed.routeless) return 'no-route';
  return node?.passedOver.has(observed.announcement.definition.group) ? 'idle' : null;
}

/** The replicas of a service on other nodes that count. Who carries on alone takes all others for dead. */
export function* countingReplicas(state: NodeState, service: string): Generator<Observed> {
  if (state.phase === 'alone') return;
  for (const observed of reachableReplicas(state.view, service)) {
    if (whyNotCounting(state.view, observed) === null) yield observed;
  }
}
