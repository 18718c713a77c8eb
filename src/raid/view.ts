import { type Ballot, comparePositions, type Position } from './position.js';

/** Which legs have the latest writes. It is written down on all of them, and by a quorum of the voters, before it is in force. */
export interface View extends Position {
  /** The nodes whose legs have every write that was acknowledged. */
  readonly members: readonly string[];
  /** The nodes that keep views: those with a leg, and witnesses without one. */
  readonly voters: readonly string[];
  /** With how many legs a write may be acknowledged. */
  readonly minimumLegs: number;
  /** Bytes of data. */
  readonly size: number;
  /** Its owner has stopped, and its members are the same, byte for byte. */
  readonly clean: boolean;
  /** The view that it followed. */
  readonly previous: Position | undefined;
  /** Where this lineage parted from earlier ones, the latest first. */
  readonly history: readonly Position[];
}

/** What a node has of the data. */
export interface Leg {
  /** Bytes of data that it can hold. */
  readonly size: number;
  /** The last view as whose member it was written to; undefined: it is blank. */
  readonly of: Position | undefined;
  /** It is being made the same as another one, and is of no use until that is done. */
  readonly filling: boolean;
  /** The owner who said that this is done. Its next view makes the leg a member. */
  readonly filledBy?: Ballot;
}

/** What a node keeps on its disk, and outlives a loss of power. */
export interface NodeRecord {
  /** Views and writes of any lower ballot are refused. */
  readonly promise: Ballot;
  /** Undefined: it has never heard of one, or has lost its disk. */
  readonly view: View | undefined;
  /** Undefined: a witness. */
  readonly leg: Leg | undefined;
}

export type Reports = ReadonlyMap<string, NodeRecord>;

/** The newest view of the reports. Of lineages that have parted it is that of the highest claim. */
export function newestView(reports: Reports): View | undefined {
  let newest: View | undefined;
  for (const { view } of reports.values()) {
    if (view !== undefined && (newest === undefined || comparePositions(view, newest) > 0)) newest = view;
  }
  return newest;
}

export function positionOf({ lineage, ballot, generation }: Position): Position {
  return { lineage, ballot, generation };
}

/** All that is in the older position is in the newer one, too, or was never acknowledged. */
export function isAncestor(older: Position, newer: Pick<View, 'lineage' | 'history'>): boolean {
  if (older.lineage === newer.lineage) return true;
  const parted = newer.history.find(({ lineage }) => lineage === older.lineage);
  return parted !== undefined && comparePositions(older, parted) <= 0;
}
