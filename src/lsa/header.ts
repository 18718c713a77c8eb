import { crc32 } from 'node:zlib';
import { type Announcement, MAX_EPOCH, type Sequence } from '../model/index.js';
import { ByteReader, ByteWriter, Malformed } from './bytes.js';
import { ANNOUNCEMENT_KINDS, knownWordFor } from './codes.js';
import { COMMON } from './common-tlvs.js';
import { MAX_BODY_BYTES } from './limits.js';
import { type Tlv, tlv } from './tlv.js';

const FORMAT_VERSION = 1;

/** The header with its TLV type and length: always the first TLV. */
export const HEADER_TLV_BYTES = 24;

const LENGTH_OFFSET = 8;
const CHECKSUM_OFFSET = 12;

export interface Header {
  readonly kind: Announcement['kind'];
  readonly sequence: Sequence;
}

/** The header TLV, body length and checksum still 0: sealBody fills them in. */
export function headerTlv({ kind, sequence }: Header): Tlv {
  const value = new ByteWriter()
    .uint16('format version', FORMAT_VERSION)
    .uint16('kind', ANNOUNCEMENT_KINDS[kind])
    .uint16('body length', 0)
    .uint16('reserved', 0)
    .uint32('checksum', 0)
    .uint32('epoch', sequence.epoch)
    .uint32('counter', sequence.counter)
    .done();
  return tlv(COMMON.header, value);
}

/** Writes the body's length and checksum into its header. */
export function sealBody(body: Uint8Array): Uint8Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  view.setUint16(LENGTH_OFFSET, body.length);
  view.setUint32(CHECKSUM_OFFSET, checksum(body));
  return body;
}

/** Writes zeros over the checksum. */
export function eraseChecksum(body: Uint8Array): Uint8Array {
  return body.fill(0, CHECKSUM_OFFSET, CHECKSUM_OFFSET + 4);
}

/**
 * Reads the header of a whole body and checks length and checksum. Only the place of the format version is the same in
 * all versions, therefore it is looked at first. Throws Malformed.
 */
export function readHeader(body: Uint8Array): Header {
  if (body.length > MAX_BODY_BYTES) {
    throw new Malformed(`the body has ${body.length} bytes, at most ${MAX_BODY_BYTES} are allowed`);
  }
  const reader = new ByteReader(body, 'the body');
  const type = reader.uint16();
  if (type !== COMMON.header.type) throw new Malformed(`the first TLV has type ${type} instead of 1 (header)`);
  const length = reader.uint16();
  const version = reader.uint16();
  if (version !== FORMAT_VERSION) {
    throw new Malformed(`format version ${version} is not known, this node speaks version ${FORMAT_VERSION}`);
  }
  if (length !== HEADER_TLV_BYTES - 4) {
    throw new Malformed(`the header has length ${length} instead of ${HEADER_TLV_BYTES - 4}`);
  }
  const kind = reader.uint16();
  const announcedLength = reader.uint16();
  reader.uint16();
  const announcedChecksum = reader.uint32();
  const sequence = { epoch: reader.uint32(), counter: reader.uint32() };
  if (sequence.epoch > MAX_EPOCH)
    throw new Malformed(`the epoch is ${sequence.epoch}, at most ${MAX_EPOCH} is possible`);
  if (announcedLength !== body.length) {
    throw new Malformed(`the header announces ${announcedLength} bytes, the body has ${body.length}`);
  }
  if (announcedChecksum !== checksum(body)) throw new Malformed('the checksum is wrong');
  return { kind: knownWordFor('announcement kind', ANNOUNCEMENT_KINDS, kind), sequence };
}

/**
 * CRC-32 (ISO-HDLC, as in zlib) of the body, its own four bytes counted as zeros. OSPF's checksum only protects against
 * accidents on the way; this one also tells bodies that something other than srrd has put together or changed.
 */
function checksum(body: Uint8Array): number {
  const before = crc32(body.subarray(0, CHECKSUM_OFFSET));
  const zeros = crc32(new Uint8Array(4), before);
  return crc32(body.subarray(CHECKSUM_OFFSET + 4), zeros);
}
