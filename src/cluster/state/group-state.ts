import type { RouterId } from '../../model/index.js';

/** What this node holds of a group: its own claim, and what it last found out about the owner. */
export interface GroupState {
  readonly name: string;
  /** Ours; 0 while we are not owner. */
  claim: number;
  /** Our claim was taken with `--pin`. */
  pinned: boolean;
  /** The highest claim ever known for the group, also from nodes that are gone. */
  highestClaim: number;
  /** The highest claim ever known of another node. */
  highestOtherClaim: number;
  /** The last claim that was too far above all known ones to be believed; 0: none. */
  suspectClaim: number;
  /** When our claim was last renewed before a start (monotonic ms). */
  renewedAtMs: number;
  /** Whom the election named last; null: nobody can run it. */
  owner: RouterId | null;
  /** The elected node that does not begin to start it, while its time runs (idle-owner.ts); null: there is none. */
  idleOwner: RouterId | null;
  /** The required members without which this node owns it, as people were last told. */
  missing: string;
}
