import { LSA_HEADER_LENGTH, type LsaHeader } from '../lsa-header.js';
import { type Malformed, malformed } from '../wire/malformed.js';
import { Reader } from '../wire/reader.js';
import { Writer } from '../wire/writer.js';

/** RFC 2328 appendix A.4.1, 20 bytes. */
export function encodeLsaHeader(header: LsaHeader): Uint8Array {
  const w = new Writer().u16(header.age).u8(header.options).u8(header.type);
  w.ipv4(header.linkStateId).ipv4(header.advertisingRouter).u32(header.sequenceNumber);
  return w.u16(header.checksum).u16(header.length).finish();
}

/** Takes 20 bytes; whether there were that many, the reader knows. */
export function readLsaHeader(r: Reader): LsaHeader {
  return {
    age: r.u16(),
    options: r.u8(),
    type: r.u8(),
    linkStateId: r.ipv4(),
    advertisingRouter: r.ipv4(),
    sequenceNumber: r.i32(),
    checksum: r.u16(),
    length: r.u16(),
  };
}

/** The header at the beginning of the bytes. Never throws. */
export function decodeLsaHeader(bytes: Uint8Array): LsaHeader | Malformed {
  if (bytes.length < LSA_HEADER_LENGTH) {
    return malformed('LSA header', `expected ${LSA_HEADER_LENGTH} bytes, got ${bytes.length}`);
  }
  return readLsaHeader(new Reader(bytes));
}
