import { isName, NAME_EXPECTED } from '../model/index.js';
import { Malformed } from './bytes.js';

/** Control characters, line separators and the marks that reorder text on a screen: none belongs in one line of text. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/** The text as one printable line of at most `limit` bytes of UTF-8, cut between characters. */
export function encodeText(text: string, limit: number): Uint8Array {
  const bytes = new TextEncoder().encode(text.replace(ALL_UNPRINTABLE, ' '));
  if (bytes.length <= limit) return bytes;
  let end = limit;
  while (end > 0 && isContinuation(bytes[end])) end--;
  return bytes.subarray(0, end);
}

/** The name as bytes. Throws a RangeError if it is not a name (limits.ts). */
export function encodeName(what: string, name: string): Uint8Array {
  if (!isName(name)) {
    throw new RangeError(`${what} must be ${NAME_EXPECTED}; got '${name}'`);
  }
  return new TextEncoder().encode(name);
}

/** Throws Malformed unless the bytes are at most `limit` bytes of UTF-8 without control characters. */
export function decodeText(what: string, bytes: Uint8Array, limit: number): string {
  if (bytes.length > limit) throw new Malformed(`${what} has ${bytes.length} bytes, at most ${limit} are allowed`);
  const text = decodeUtf8(what, bytes);
  if (UNPRINTABLE.test(text)) throw new Malformed(`${what} contains control characters`);
  return text;
}

/** Throws Malformed unless the bytes are a name. */
export function decodeName(what: string, bytes: Uint8Array): string {
  const name = decodeUtf8(what, bytes);
  if (!isName(name)) throw new Malformed(`${what} is not ${NAME_EXPECTED}`);
  return name;
}

function decodeUtf8(what: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed(`${what} is not UTF-8`);
  }
}

/** Bytes 10xxxxxx continue a character (RFC 3629 section 3). */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
