import { ANNOUNCEMENT_KINDS } from './codes.js';
import type { TlvRows } from './tlv-row.js';

/** The TLVs of all kinds of announcements. */
export const COMMON = {
  header: {
    type: 1,
    name: 'header',
    parts: [
      { name: 'format version', is: 'number', bytes: 2 },
      { name: 'kind of announcement', is: 'number', bytes: 2, words: ANNOUNCEMENT_KINDS },
      { name: 'length of the body', is: 'number', bytes: 2 },
      { name: 'reserved', is: 'number', bytes: 2 },
      { name: 'checksum', is: 'number', bytes: 4, hex: true, note: 'CRC-32 of the body' },
      { name: 'epoch', is: 'number', bytes: 4, unit: 'time' },
      { name: 'counter', is: 'number', bytes: 4 },
    ],
  },
  cluster: { type: 2, name: 'cluster', whole: 'text' },
  proof: {
    type: 3,
    name: 'proof',
    parts: [
      { name: 'key ID', is: 'bytes', bytes: 8 },
      { name: 'signed at', is: 'number', bytes: 4, unit: 'time' },
      { name: 'signature', is: 'bytes', bytes: 64 },
    ],
  },
} as const satisfies TlvRows;
