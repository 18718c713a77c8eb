import type { Announcement } from '../../../src/model/index.js';

/** A router's Router LSA: RFC 2328 section 12.4.1. Routers are named by their index in the simulation. */
export interface RouterBody {
  readonly kind: 'router';
  /** Neighbours that are Full as seen by this router. */
  readonly neighbours: readonly number[];
  /** Stub links: the /32s of aliases. */
  readonly stubs: readonly string[];
}

/** An opaque LSA of our type. */
export interface OpaqueBody {
  readonly kind: 'opaque';
  readonly announcement: Announcement;
  /** Where proofs are required: what is really flooded. Absent: what the key of its router ID signs. */
  readonly bytes?: Uint8Array;
  /** Where it is not that of its scope. */
  readonly lsaType?: number;
}

/** One instance of an LSA. */
export interface Lsa {
  readonly key: number;
  readonly origin: number;
  readonly lsId: number;
  readonly sequence: number;
  /** Stands for the checksum, which decides between equal sequence numbers (RFC 2328 section 13.1). */
  readonly checksum: number;
  /** null: MaxAge, that is, being flushed. */
  readonly body: RouterBody | OpaqueBody | null;
  readonly bornMs: number;
}

/** The link state ID of Router LSAs here; opaque ones are `generation * 65536 + series`. */
export const ROUTER_LS_ID = 2 ** 24;

export function lsaKey(origin: number, lsId: number): number {
  return origin * 2 ** 25 + lsId;
}

/** RFC 2328 section 13.1. */
export function isNewer(a: Lsa, b: Lsa): boolean {
  return a.sequence > b.sequence || (a.sequence === b.sequence && a.checksum > b.checksum);
}
