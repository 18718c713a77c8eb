/**
 * As much of DER (ITU-T X.690) as certificates and revocation lists need: definite lengths, tags of one byte. Node.js has
 * nothing for it; it is written here rather than taken from node-forge because the daemon reads lists, and must neither
 * load node-forge nor spend its time per byte.
 */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  /** [0], constructed. */
  context0: 0xa0,
  /** [0], primitive. */
  implicit0: 0x80,
} as const;

/** The bytes are not the DER that was expected. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

export interface Element {
  readonly tag: number;
  /** The value alone. */
  readonly value: Buffer;
  /** Tag, length and value. */
  readonly whole: Buffer;
}

/** Reads elements one after the other. Throws a DerError. */
export class DerReader {
  #offset = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** The next element's tag; undefined at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#offset];
  }

  next(expected?: number): Element {
    const start = this.#offset;
    const tag = this.#byte();
    if (expected !== undefined && tag !== expected)
      throw new DerError(`expected the tag 0x${expected.toString(16)}, got 0x${tag.toString(16)}`);
    const length = this.#length();
    if (length > this.#bytes.length - this.#offset) throw new DerError('an element reaches beyond the end');
    const valueStart = this.#offset;
    this.#offset += length;
    return {
      tag,
      value: this.#bytes.subarray(valueStart, this.#offset),
      whole: this.#bytes.subarray(start, this.#offset),
    };
  }

  /** A reader of what is inside the next element. */
  enter(expected: number): DerReader {
    return new DerReader(this.next(expected).value);
  }

  /** The next element if it has this tag. */
  optional(tag: number): Element | undefined {
    return this.nextTag === tag ? this.next() : undefined;
  }

  end(): void {
    if (!this.atEnd) throw new DerError('there is more than was expected');
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new DerError('a length of a form that DER does not have, or too long');
    let length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + this.#byte();
    return length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new DerError('the bytes end in the middle of an element');
    this.#offset += 1;
    return byte;
  }
}

/** An element with this tag; its value is the parts, one after the other. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.of(tag), lengthBytes(length), ...parts]);
}

/** A number that is not negative, as DER's INTEGER. Hexadecimal digits, as serial numbers are written. */
export function derInteger(hex: string): Buffer {
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = Buffer.from(digits, 'hex');
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first === -1 ? Buffer.of(0) : bytes.subarray(first);
  // A set highest bit would make it negative.
  return der(TAG.integer, Buffer.of(...((short[0] ?? 0) >= 0x80 ? [0] : [])), short);
}

/** The hexadecimal digits of an INTEGER, upper case and in pairs, as Node.js writes serial numbers. */
export function integerDigits(value: Buffer): string {
  if (value.length === 0 || (value[0] ?? 0) >= 0x80) throw new DerError('a number is negative or empty');
  const first = value.findIndex((byte) => byte !== 0);
  return first === -1 ? '00' : value.subarray(first).toString('hex').toUpperCase();
}

/** Such as `2.5.29.20`. */
export function derObjectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(TAG.objectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** RFC 5280 section 5.1.2.4: UTCTime until 2049, GeneralizedTime from then on; both to the second. */
export function derTime(time: Date): Buffer {
  const digits = time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return time.getUTCFullYear() < 2050
    ? der(TAG.utcTime, Buffer.from(digits.slice(2)))
    : der(TAG.generalizedTime, Buffer.from(digits));
}

export function readTime({ tag, value }: Element): Date {
  const text = value.toString('latin1');
  const digits = tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (match === null || (tag !== TAG.utcTime && tag !== TAG.generalizedTime)) throw new DerError('a time is not one');
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new DerError(`there is no time ${digits}`);
  return time;
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}

function base128(part: number): number[] {
  const bytes = [part & 0x7f];
  for (let rest = part >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
