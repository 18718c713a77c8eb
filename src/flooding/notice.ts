import type { RouterId } from '../model/index.js';
import type { Refusal } from '../trust/index.js';

/** What the log should know of a transport and the core need not. */
export type TransportNotice =
  /** The first malformed announcement of this origin; further ones are only counted. */
  | { readonly type: 'malformed'; readonly origin: RouterId; readonly lsaId: string; readonly reason: string }
  /** The first announcement of this origin that belongs to another cluster; further ones are only counted. */
  | { readonly type: 'other-cluster'; readonly origin: RouterId; readonly lsaId: string; readonly cluster: string }
  /** The first announcement in this node's name that is not believed for this reason; further ones are only counted. */
  | {
      readonly type: 'not-proven';
      readonly origin: RouterId;
      readonly lsaId: string;
      readonly why: Refusal;
      /** It counts all the same: proofs are not required. */
      readonly believed: boolean;
    }
  /** More LSAs of one router than are read; further ones are only counted. */
  | { readonly type: 'too-many'; readonly origin: RouterId; readonly limit: number }
  /** Our copy of the LSDB was not what ospfd had, and is now. */
  | { readonly type: 'lsdb-differed'; readonly differences: number; readonly unsure: number }
  /** ospfd said something that the API client did not understand. */
  | { readonly type: 'not-understood'; readonly what: string; readonly reason: string }
  | { readonly type: 'connect-failed'; readonly reason: string; readonly retryInMs: number }
  /** A service changes faster than this node floods changes (flood-limit.ts): they are merged. */
  | { readonly type: 'flood-limit'; readonly service: string }
  /** ospfd did not delete an LSA of ours; it is asked again. */
  | { readonly type: 'delete-failed'; readonly lsaId: string; readonly reason: string };

export type NoticeListener = (notice: TransportNotice) => void;
