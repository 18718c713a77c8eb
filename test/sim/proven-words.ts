import type { TransportEvent } from '../../src/cluster/index.js';
import type { Announcement, RouterId } from '../../src/model/index.js';
import type { Lsa, OpaqueBody } from './ospf/lsa.js';

/** Where proofs are required: what a daemon's transport leaves to src/trust and src/flooding/inbox.ts (adversary/proving.ts). */
export interface ProvenWords {
  listen(listener: { readonly speak: () => void; readonly lookAgain: (origin: RouterId) => void }): void;
  sessionBegan(): void;
  sessionEnded(): void;
  reached(nodes: readonly RouterId[]): void;
  /** As it is to be flooded in this series. */
  body(announcement: Announcement, series: number, isReachable: (node: RouterId) => boolean): OpaqueBody;
  /** It goes out under this link state ID: as a new LSA, or in place. */
  originated(lsId: number, body: OpaqueBody, isNew: boolean): void;
  isOurs(lsa: Lsa): boolean;
  /** What comes of an LSA, or of its deletion. */
  heard(lsa: Lsa): readonly TransportEvent[];
}
