import { type Part, TLVS, type TlvRow, wordFor } from '../lsa/index.js';
import { type Explanation, type FieldWalker, hex } from './field.js';
import type { FieldContext } from './field-context.js';
import { flagNames, hexNumber } from './words.js';

/** How to read one TLV's value; both may be absent. */
export interface TlvReading {
  readonly name: string;
  readonly explanation?: Explanation;
  /** Names the parts of the value. Absent: the value is shown as bytes. */
  readonly parts?: (value: FieldWalker) => void;
}

/** One TLV of opaque type 222, as docs/wire-format.md lays it out. Never throws. */
export function announcementTlv(type: number, value: Uint8Array, context: FieldContext): TlvReading {
  const row = TLVS.get(type);
  if (row === undefined) return { name: `TLV ${type}`, explanation: { meaning: 'not known to this version; skipped' } };
  const { name, whole } = row;
  if (whole !== undefined) return { name, explanation: { value: whole === 'hex' ? hex(value) : printable(value) } };
  if (row.parts === undefined && row.repeated === undefined) return { name };
  return { name, parts: (walker) => valueParts(walker, row, context) };
}

function valueParts(walker: FieldWalker, { parts = [], repeated = [] }: TlvRow, context: FieldContext): void {
  for (const part of parts) readPart(walker, part, part.name, context);
  const bytes = repeated.reduce((sum, part) => sum + leastBytes(part), 0);
  for (let index = 1; bytes > 0 && walker.remaining >= bytes && !walker.short; index++) {
    for (const part of repeated) readPart(walker, part, `${part.name} ${index}`, context);
  }
}

function leastBytes(part: Part): number {
  if ('bytes' in part) return part.bytes;
  return part.is === 'counted text' ? 1 : 4;
}

function readPart(walker: FieldWalker, part: Part, name: string, { targets, area }: FieldContext): void {
  switch (part.is) {
    case 'number':
      return void walker.number(name, part.bytes, (value) => ({
        ...(part.hex && { value: hexNumber(value, 2 * part.bytes) }),
        meaning: meaningOf(part, value),
      }));
    case 'address':
      return void walker.address(name);
    case 'router':
      return void walker.address(name, (id) => ({ target: targets.router(id, area) }));
    case 'text':
      return walker.bytes(name, walker.remaining, (value) => ({ value: printable(value) }));
    case 'counted text': {
      const length = walker.number(`length of ${name}`, 1);
      return walker.bytes(name, length, (value) => ({ value: printable(value) }));
    }
    case 'bytes':
      return walker.bytes(name, part.bytes);
    case 'wide number':
      return walker.bytes(name, part.bytes, (value) => ({ value: String(Buffer.from(value).readBigUInt64BE()) }));
  }
}

function meaningOf({ words, flags, zero, unit, note }: Extract<Part, { readonly is: 'number' }>, value: number) {
  if (zero !== undefined && value === 0) return zero;
  if (words !== undefined) return wordFor(words, value) ?? 'unknown';
  if (flags !== undefined) return flagNames(value, flags);
  if (unit !== undefined) return unit === 'time' ? unixTime(value) : `${value / 1000} s`;
  return note ?? null;
}

/** What is no printable UTF-8 is shown as U+FFFD: another router wrote it. */
function printable(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function unixTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
