import { ByteReader, Malformed } from './bytes.js';
import type { TlvRow } from './tlv-row.js';

/** One TLV of RFC 3630 section 2.3.2: type and length of 16 bits, then the value, padded with zeros to 4 bytes. */
export interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

const TLV_HEADER_BYTES = 4;

export function tlv({ type }: TlvRow, value: Uint8Array): Tlv {
  return { type, value };
}

/** What this many bytes of value take on the wire, header and padding included. */
function tlvBytes(valueBytes: number): number {
  return TLV_HEADER_BYTES + Math.ceil(valueBytes / 4) * 4;
}

/** How many bytes of value fit into `room` bytes on the wire. May be negative. */
export function valueBytesIn(room: number): number {
  return Math.floor(room / 4) * 4 - TLV_HEADER_BYTES;
}

export function bodyBytes(tlvs: readonly Tlv[]): number {
  return tlvs.reduce((sum, { value }) => sum + tlvBytes(value.length), 0);
}

export function joinTlvs(tlvs: readonly Tlv[]): Uint8Array {
  const body = new Uint8Array(bodyBytes(tlvs));
  const view = new DataView(body.buffer);
  let offset = 0;
  for (const { type, value } of tlvs) {
    view.setUint16(offset, type);
    view.setUint16(offset + 2, value.length);
    body.set(value, offset + TLV_HEADER_BYTES);
    offset += tlvBytes(value.length);
  }
  return body;
}

/** Throws Malformed when a TLV, with its padding, goes beyond the end of the body. */
export function splitTlvs(body: Uint8Array): Tlv[] {
  const tlvs: Tlv[] = [];
  const reader = new ByteReader(body, 'the body');
  while (reader.remaining > 0) {
    const offset = body.length - reader.remaining;
    if (reader.remaining < TLV_HEADER_BYTES) throw new Malformed(`the TLV at offset ${offset} has no complete header`);
    const type = reader.uint16();
    const length = reader.uint16();
    if (tlvBytes(length) - TLV_HEADER_BYTES > reader.remaining) {
      throw new Malformed(`TLV ${type} at offset ${offset} has length ${length}, beyond the end of the body`);
    }
    tlvs.push({ type, value: reader.bytes(length) });
    reader.bytes(tlvBytes(length) - TLV_HEADER_BYTES - length);
  }
  return tlvs;
}

/** Looks TLVs up by type. All errors are Malformed and name the TLV. */
export class TlvSet {
  readonly #tlvs: readonly Tlv[];

  constructor(tlvs: readonly Tlv[]) {
    this.#tlvs = tlvs;
  }

  mandatory(row: TlvRow): Uint8Array {
    const value = this.optional(row);
    if (value === undefined) throw new Malformed(`TLV ${row.type} (${row.name}) is missing`);
    return value;
  }

  optional(row: TlvRow): Uint8Array | undefined {
    const values = this.all(row);
    if (values.length > 1) throw new Malformed(`TLV ${row.type} (${row.name}) occurs ${values.length} times`);
    return values[0];
  }

  all({ type }: TlvRow): Uint8Array[] {
    return this.#tlvs.filter((each) => each.type === type).map(({ value }) => value);
  }
}
