/** Who may write: the claim of the owner, the fencing token of docs/decisions/03-claims.md. */
export interface Ballot {
  readonly claim: number;
  /** Tells two starts under one claim apart, by one node or by both sides of a partition. */
  readonly round: number;
  readonly node: string;
}

/** A moment in the life of the data. DRBD's word for it is generation identifier, mdadm's is events. */
export interface Position {
  /** A random identity of the data since they were created, or last parted from another copy that may have gone on. */
  readonly lineage: string;
  readonly ballot: Ballot;
  /** Grows with every view of one lineage. */
  readonly generation: number;
}

export const NO_BALLOT: Ballot = { claim: 0, round: 0, node: '' };

/** Below 0 if `a` is older. */
export function compareBallots(a: Ballot, b: Ballot): number {
  return a.claim - b.claim || a.round - b.round || (a.node < b.node ? -1 : a.node > b.node ? 1 : 0);
}

/** Of one lineage, or of one that went forth from the other. Below 0 if `a` is older. */
export function comparePositions(a: Position, b: Position): number {
  return compareBallots(a.ballot, b.ballot) || a.generation - b.generation;
}

export function samePosition(a: Position, b: Position): boolean {
  return a.lineage === b.lineage && comparePositions(a, b) === 0;
}
