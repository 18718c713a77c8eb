import type { RouterId, RunState, SharedDefinition } from '../../model/index.js';

/** What the election may know of one replica; of our own the current state, of others the announcement. */
export interface ReplicaFacts {
  readonly definition: SharedDefinition;
  readonly preference: number;
  readonly runState: RunState;
  readonly standby: boolean;
  readonly joining: boolean;
  readonly claim: number;
  readonly pinned: boolean;
  /** What keeps it from being used although it is active; null: nothing. */
  readonly bar: Bar | null;
}

/** A node and its announced replicas of one group's members, by service name. */
export interface NodeFacts {
  readonly id: RouterId;
  readonly standby: boolean;
  readonly replicas: ReadonlyMap<string, ReplicaFacts>;
}

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
