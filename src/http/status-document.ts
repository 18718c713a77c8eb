import type { ClusterStatus, NodeStatus } from '../cluster/index.js';
import type { FloodsLimited, LsdbComparisons } from '../flooding/index.js';
import type { TrustStatus } from '../trust/index.js';

/** What `GET /api/v1/status` answers and `srrctl status --json` prints (docs/operations.md). Router IDs are dotted quads. */
export interface StatusDocument extends ClusterStatus {
  readonly nodes: readonly ShownNode[];
  readonly process: ProcessStatus;
}

export interface ShownNode extends NodeStatus {
  /**
   * Why `web` is not to be followed, in words: nothing but its own announcement says that it is this node's. null: the
   * configuration or the certificate there confirms it, or there is none.
   */
  readonly webDoubt: string | null;
}

/** How the answering daemon itself is doing. */
export interface ProcessStatus {
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** How late the event loop was at worst, in the present or the last full minute. */
  readonly eventLoopDelayMs: number;
  /** What the limit on floods does to this node's announcements (docs/flooding.md, Limits). */
  readonly floodsLimited: FloodsLimited;
  /** How often the copy of the LSDB was compared with that of ospfd, and how often it differed, since the start. */
  readonly lsdbComparisons: LsdbComparisons;
  /** Whether announcements are proven, and whose are not (docs/trust.md). */
  readonly trust: TrustStatus;
  /** Router IDs that two routers use, dotted quads. */
  readonly duplicateRouterIds: readonly string[];
  /** The services that a shutdown still waits for, each with what it does; null: it is not ending. */
  readonly ending: readonly string[] | null;
  /** What is wrong with the definitions of the node, or with its state directory, a sentence each. */
  readonly problems: readonly string[];
}
