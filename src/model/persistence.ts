/** What the node must remember across a restart. Each record is small and written by itself. */
export interface PersistedNode {
  /** The epoch of the last life; 0: none known. */
  readonly epoch: number;
  readonly standby: boolean;
  /** Of each node whose commands were carried out here, the last one: none is carried out again. The last used is last. */
  readonly issuers: readonly PersistedIssuer[];
}

export interface PersistedIssuer {
  readonly routerId: number;
  readonly epoch: number;
  readonly nonce: number;
}

export const NOTHING_PERSISTED_OF_NODE: PersistedNode = { epoch: 0, standby: false, issuers: [] };

/** What must be remembered of one replica. */
export interface PersistedService {
  /** An operator deactivated it: `autoActivate` does not apply. */
  readonly deactivated: boolean;
  /** An operator stopped it here: it is on standby until `start` or `move` names this node. */
  readonly standby: boolean;
  /** It may be running: an earlier life that ended without stopping it left this set. */
  readonly notStopped: boolean;
  /** Its `stop` failed, with this reason: it may still be running until an operator clears it. null: no. */
  readonly stopFailed: string | null;
  /** The highest claim ever known for its group. */
  readonly highestClaim: number;
  /** Resources: the other nodes that were seen to hold it and not seen to let go of it, the last one last. */
  readonly holders: readonly PersistedHolder[];
}

/** A node that held a resource, and with which announcement. */
export interface PersistedHolder {
  readonly routerId: number;
  readonly epoch: number;
  readonly counter: number;
}

/** So many are kept. Two nodes hold a resource at once only after a partition; whoever is left out opens the gate after a restart. */
export const MAX_PERSISTED_HOLDERS = 256;

export const NOTHING_PERSISTED: PersistedService = {
  deactivated: false,
  standby: false,
  notStopped: false,
  stopFailed: null,
  highestClaim: 0,
  holders: [],
};
