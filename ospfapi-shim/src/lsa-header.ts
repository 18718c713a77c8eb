import type { Ipv4 } from './ipv4.js';

/** LSA types 9, 10 and 11 carry opaque data (RFC 5250 section 2): link, area and AS scope. */
export type OpaqueLsaType = 9 | 10 | 11;

/** The 20 bytes before every LSA (RFC 2328 appendix A.4.1). */
export interface LsaHeader {
  /** Seconds. `MAX_AGE` or more: the LSA is being withdrawn. */
  readonly age: number;
  readonly options: number;
  readonly type: number;
  readonly linkStateId: Ipv4;
  readonly advertisingRouter: Ipv4;
  /** Signed, as RFC 2328 section 12.1.6 compares it. */
  readonly sequenceNumber: number;
  readonly checksum: number;
  /** Of header and body together, in bytes. */
  readonly length: number;
}

/** RFC 2328 appendix B, in seconds. */
export const MAX_AGE = 3600;

export const LSA_HEADER_LENGTH = 20;

/** One LSA as ospfd told of it. */
export interface LsaInstance {
  readonly header: LsaHeader;
  /** What follows the header; its length is `header.length - 20`. */
  readonly body: Uint8Array;
  /** null for what has AS scope: types 5 and 11. */
  readonly area: Ipv4 | null;
  /** Our interface on the link that a type 9 LSA belongs to; null for all other types. */
  readonly interfaceAddress: Ipv4 | null;
  /** ospfd originated it, for us or for itself. */
  readonly own: boolean;
  /** When it was received, in milliseconds of `performance.now()`. */
  readonly receivedAt: number;
}
