/** One field of an LSA as people read it, with the bytes that say so. */
export interface Field {
  readonly name: string;
  /** As it is written: `10.0.0.1`, `0x80000003`, `20`. Empty for what only has parts. */
  readonly value: string;
  /** What the value means, in words; null where it speaks for itself. */
  readonly meaning: string | null;
  /** In bytes, from the beginning of the LSA's header. */
  readonly offset: number;
  readonly length: number;
  /** The LSA that this field points to, if this node has it. */
  readonly target: string | null;
  /** The parts of the field, in the order of their bytes. They fill it exactly. */
  readonly parts: readonly Field[];
}

export interface Explanation {
  readonly value?: string;
  readonly meaning?: string | null;
  readonly target?: string | null;
}

/**
 * Walks over an LSA's bytes and names them, one field after the other. Never throws: past the end it returns 0 and names
 * nothing, and `finish` names what is left over, so that every byte belongs to exactly one field without parts.
 */
export class FieldWalker {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #fields: Field[] = [];
  #offset: number;
  #short = false;

  /** Names the bytes from `offset` to before `end`. */
  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#end = Math.min(end, bytes.length);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  /** A field did not fit; nothing that follows means anything. */
  get short(): boolean {
    return this.#short;
  }

  /** What is left, without naming it. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#offset, this.#end);
  }

  /** The byte so far ahead, without naming it; 0 past the end. */
  peek(ahead: number): number {
    return this.#offset + ahead < this.#end ? (this.#bytes[this.#offset + ahead] ?? 0) : 0;
  }

  /** An unsigned number of `length` bytes, at most 4. */
  number(name: string, length: 1 | 2 | 3 | 4, explain: (value: number) => Explanation = () => ({})): number {
    const bytes = this.#take(length);
    if (bytes === undefined) return 0;
    const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    this.#put(name, length, { value: String(value), ...explain(value) });
    return value;
  }

  address(name: string, explain: (value: string) => Explanation = () => ({})): string {
    const bytes = this.#take(4);
    if (bytes === undefined) return '0.0.0.0';
    const value = bytes.join('.');
    this.#put(name, 4, { value, ...explain(value) });
    return value;
  }

  /** Bytes as hexadecimal digits, unless explained. None are no field. */
  bytes(name: string, length: number, explain: (value: Uint8Array) => Explanation = () => ({})): void {
    if (length <= 0) return;
    const bytes = this.#take(length);
    if (bytes !== undefined) this.#put(name, length, { value: hex(bytes), ...explain(bytes) });
  }

  /** A field with parts, of `length` bytes or, if null, of as many as its parts take. */
  group(
    name: string,
    length: number | null,
    parts: (walker: FieldWalker) => void,
    explain: () => Explanation = () => ({}),
  ): void {
    if (this.#short) return;
    const inner = new FieldWalker(this.#bytes, this.#offset, length === null ? this.#end : this.#offset + length);
    parts(inner);
    if (length !== null) inner.#name('not understood', inner.remaining);
    const begin = this.#offset;
    this.#offset = inner.offset;
    this.#short = inner.short && length === null;
    const { value = '', meaning = null, target = null } = explain();
    const field = { name, value, meaning, offset: begin, length: inner.offset - begin, target, parts: inner.#fields };
    if (field.length > 0) this.#fields.push(field);
  }

  finish(): readonly Field[] {
    const name = this.#short ? 'cut off' : 'not understood';
    this.#name(name, this.remaining);
    return this.#fields;
  }

  #name(name: string, length: number): void {
    if (length <= 0) return;
    const bytes = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    this.#put(name, length, { value: hex(bytes), meaning: `${length} bytes that do not belong here` });
  }

  #take(length: number): Uint8Array | undefined {
    if (this.#short || length > this.remaining) {
      this.#short = true;
      return undefined;
    }
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  #put(name: string, length: number, { value = '', meaning = null, target = null }: Explanation): void {
    this.#fields.push({ name, value, meaning, offset: this.#offset - length, length, target, parts: [] });
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
