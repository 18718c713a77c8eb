import type { TransportEvent } from '../../src/cluster/index.js';
import type { Announcement, RouterId } from '../../src/model/index.js';
import type { Lsa } from './ospf/lsa.js';

/** Where proofs are required: what a daemon's transport leaves to src/trust and src/flooding/inbox.ts (adversary/proving.ts). */
export interface ProvenWords {
  listen(listener: { readonly speak: () => void; readonly lookAgain: (origin: RouterId) => void }): void;
  sessionBegan(): void;
  sessionEnded(): void;
  reached(nodes: readonly RouterId[]): void;
  encoded(announcement: Announcement, isReachable: (node: RouterId) => boolean): Uint8Array;
  /** As it is to be flooded in this series. */
  proven(encoded: Uint8Array, announcement: Announcement, series: number): Uint8Array;
  /** What comes of an LSA, or of its deletion. */
  heard(lsa: Lsa): readonly TransportEvent[];
}
