import { formatRouterId, parseRouterId } from '../model/index.js';

/** What came off the wire is not what docs/wire-format.md says. Caught in decodeBody, never seen outside. */
export class Malformed extends Error {}

/** Writes big endian fields. Throws a RangeError that names the field when a value does not fit. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  uint8(field: string, value: number): this {
    return this.#unsigned(field, value, 1);
  }

  uint16(field: string, value: number): this {
    return this.#unsigned(field, value, 2);
  }

  uint32(field: string, value: number): this {
    return this.#unsigned(field, value, 4);
  }

  ipv4(field: string, dottedQuad: string): this {
    const value = parseRouterId(dottedQuad);
    if (value === undefined) throw new RangeError(`${field} must be a dotted quad, not '${dottedQuad}'`);
    return this.uint32(field, value);
  }

  bytes(value: Uint8Array): this {
    this.#bytes.push(...value);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #unsigned(field: string, value: number, size: 1 | 2 | 4): this {
    const limit = 2 ** (8 * size);
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      throw new RangeError(`${field} must be an integer from 0 to ${limit - 1}, not ${value}`);
    }
    for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) this.#bytes.push((value >>> shift) & 0xff);
    return this;
  }
}

/** Reads big endian fields of one TLV's value. Throws Malformed, naming `what`, when there are too few or too many bytes. */
export class ByteReader {
  readonly #value: Uint8Array;
  readonly #what: string;
  #offset = 0;

  constructor(value: Uint8Array, what: string) {
    this.#value = value;
    this.#what = what;
  }

  get remaining(): number {
    return this.#value.length - this.#offset;
  }

  uint8(): number {
    return this.#unsigned(1);
  }

  uint16(): number {
    return this.#unsigned(2);
  }

  uint32(): number {
    return this.#unsigned(4);
  }

  ipv4(): string {
    return formatRouterId(this.uint32() as Parameters<typeof formatRouterId>[0]);
  }

  bytes(count: number): Uint8Array {
    if (count > this.remaining) {
      throw new Malformed(`${this.#what} is too short: ${this.#value.length} bytes`);
    }
    this.#offset += count;
    return this.#value.subarray(this.#offset - count, this.#offset);
  }

  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  end(): void {
    if (this.remaining > 0) throw new Malformed(`${this.#what} has ${this.remaining} bytes too many`);
  }

  #unsigned(size: number): number {
    let value = 0;
    for (const byte of this.bytes(size)) value = value * 256 + byte;
    return value;
  }
}
