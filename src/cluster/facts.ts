import type { SharedDefinition } from './announcement.js';
import type { Bar } from './counting.js';
import type { RouterId } from './router-id.js';
import type { RunState } from './states.js';

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
