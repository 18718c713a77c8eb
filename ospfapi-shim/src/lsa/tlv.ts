import { type Malformed, malformed } from '../wire/malformed.js';

/** One type-length-value of an opaque LSA (RFC 3630 section 2.3.2, RFC 7770 section 2.3, RFC 5786 section 4). */
export interface LsaTlv {
  readonly type: number;
  /** Where its type stands, in bytes from the beginning of what was split. */
  readonly offset: number;
  /** Without the padding to a multiple of 4. */
  readonly value: Uint8Array;
}

const TLV_HEADER_LENGTH = 4;

/** What this TLV takes on the wire, header and padding included. */
export function tlvLength({ value }: LsaTlv): number {
  return TLV_HEADER_LENGTH + Math.ceil(value.length / 4) * 4;
}

/** All TLVs of an opaque LSA's data, or of another TLV's value; they must fill it exactly. Never throws. */
export function splitTlvs(data: Uint8Array): LsaTlv[] | Malformed {
  const tlvs: LsaTlv[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let offset = 0;
  while (offset < data.length) {
    if (offset + TLV_HEADER_LENGTH > data.length) return malformed('TLV', `no complete header at byte ${offset}`);
    const type = view.getUint16(offset);
    const length = view.getUint16(offset + 2);
    const value = data.subarray(offset + TLV_HEADER_LENGTH, offset + TLV_HEADER_LENGTH + length);
    const tlv = { type, offset, value };
    if (value.length < length || offset + tlvLength(tlv) > data.length) {
      return malformed('TLV', `type ${type} at byte ${offset} has length ${length}, beyond the end`);
    }
    tlvs.push(tlv);
    offset += tlvLength(tlv);
  }
  return tlvs;
}
