import { type Malformed, malformed } from './malformed.js';
import { Writer } from './writer.js';

const API_VERSION = 1;
const FRAME_HEADER_LENGTH = 8;

/** One message, cut out of the stream but not yet understood. */
export interface Frame {
  readonly kind: 'frame';
  readonly type: number;
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** Header (version, type, body length, sequence number) and body. */
export function encodeFrame(type: number, sequence: number, body: Uint8Array): Uint8Array {
  return new Writer().u8(API_VERSION).u8(type).u16(body.length).u32(sequence).bytes(body).finish();
}

/**
 * Cuts a TCP stream into messages. After a wrong version there is no way back into step: every further call returns the
 * same `malformed`, and the connection must be closed.
 */
export class FrameSplitter {
  #rest: Uint8Array = new Uint8Array(0);
  #broken: Malformed | undefined;

  push(chunk: Uint8Array): (Frame | Malformed)[] {
    if (this.#broken !== undefined) return [this.#broken];
    const bytes = this.#rest.length === 0 ? chunk : concatenate(this.#rest, chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const frames: (Frame | Malformed)[] = [];
    let at = 0;
    while (at < bytes.length) {
      const version = view.getUint8(at);
      if (version !== API_VERSION) {
        this.#broken = malformed('message header', `expected version ${API_VERSION}, got ${version}`);
        this.#rest = new Uint8Array(0);
        return [...frames, this.#broken];
      }
      if (bytes.length - at < FRAME_HEADER_LENGTH) break;
      const end = at + FRAME_HEADER_LENGTH + view.getUint16(at + 2);
      if (bytes.length < end) break;
      const body = bytes.slice(at + FRAME_HEADER_LENGTH, end);
      frames.push({ kind: 'frame', type: view.getUint8(at + 1), sequence: view.getUint32(at + 4), body });
      at = end;
    }
    this.#rest = bytes.slice(at);
    return frames;
  }
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
