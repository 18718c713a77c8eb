import { type Ipv4, ipv4 } from '../ipv4.js';

/**
 * Reads big-endian values one after the other and never throws: past the end every read returns 0 and `failed` stays true.
 * Check `failed` before believing anything that was read.
 */
export class Reader {
  readonly #view: DataView;
  #offset = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get failed(): boolean {
    return this.#failed;
  }

  get remaining(): number {
    return this.#view.byteLength - this.#offset;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  i8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#view.getInt8(at);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at);
  }

  u24(): number {
    return this.u8() * 0x1_0000 + this.u16();
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at);
  }

  i32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getInt32(at);
  }

  ipv4(): Ipv4 {
    return ipv4(this.u32());
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** A copy, so that it outlives the buffer it came in. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    if (at < 0) return new Uint8Array(0);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length).slice();
  }

  #take(length: number): number {
    if (this.#failed || length > this.remaining) {
      this.#failed = true;
      return -1;
    }
    const at = this.#offset;
    this.#offset += length;
    return at;
  }
}
