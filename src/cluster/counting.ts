import type { NodeState } from './state.js';
import { type Observed, reachableReplicas, type View } from './view.js';

/** What keeps an active replica from being a candidate, besides what it says of itself. */
export type Bar = NotCounting | 'address-conflict';

/** Why an announced replica counts for nothing: what it says is not known to be true now. */
export type NotCounting = 'unconfirmed' | 'silent' | 'no-route' | 'idle' | 'duplicate-router-id';

/**
 * Whether a replica counts: only then may it name the definition that all compare with theirs, the members that a group
 * requires, and who uses an address. Exclusion is another matter: the gate goes on counting what does not count here. An
 * address conflict does not keep it from counting, for what it says is true.
 */
export function counts({ bar }: { readonly bar: Bar | null }): boolean {
  return bar === null || bar === 'address-conflict';
}

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
