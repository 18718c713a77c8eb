import { readSync } from 'node:fs';
import { Socket } from 'node:net';

/** How much of the end of a call's output is kept, in bytes. */
const OUTPUT_LIMIT = 64 * 1024;

/**
 * After so many bytes an output rests, for REST_MS times the outputs that rest: all together are read at some 5 MB/s at
 * most, which costs some 3 % of a core. Who prints more waits until the pipe has room, as at a slow terminal.
 */
const BYTES_BEFORE_REST = 256 * 1024;
const REST_MS = 50;
/** A read of a few bytes takes as long as one of so many: what comes line by line cost half a core without that. */
const LEAST_BYTES_OF_A_READ = 4 * 1024;

const MASK = '***';

let resting = 0;

/**
 * Reads what a call prints, at a bounded rate. A recipe may leave processes in the background that keep the pipe open, so the end of the
 * call is not the end of the pipe: `finish` takes what has been written so far, and what follows is thrown away. It
 * goes on being read, or the next line such a process prints would kill it (SIGPIPE) or block it.
 */
export class Output {
  /** null: the call has ended, and nothing is kept any more. */
  #tail: Tail | null = new Tail();
  readonly #socket: Socket;
  readonly #readFd: number;
  /** The longest first: one may hold another. */
  readonly #secrets: readonly string[];
  #sinceRest = 0;
  #rest: NodeJS.Timeout | undefined;

  /** `secrets`: what is never shown of it. */
  constructor(readFd: number, secrets: readonly string[] = []) {
    this.#readFd = readFd;
    this.#secrets = secrets.toSorted((a, b) => b.length - a.length);
    this.#socket = new Socket({ fd: readFd, readable: true, writable: false });
    this.#socket.on('data', (chunk) => {
      this.#tail?.add(chunk);
      this.#pace(chunk.length);
    });
    // A pipe that cannot be read has nothing to tell; the exit status decides.
    this.#socket.on('error', () => undefined);
  }

  /** The end of the output, after the last process of interest has ended. To be called once. */
  finish(): string {
    const text = this.#finish();
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, MASK), text);
  }

  #finish(): string {
    const tail = this.#tail ?? new Tail();
    this.#tail = null;
    if (!this.#socket.destroyed && !this.#socket.readableEnded) this.#drain(tail);
    this.#socket.unref();
    this.#rest?.unref();
    return tail.text();
  }

  /** Closes the reading end, even if a background process still has the writing end. */
  close(): void {
    this.#socket.destroy();
  }

  #pace(bytes: number): void {
    this.#sinceRest += Math.max(bytes, LEAST_BYTES_OF_A_READ);
    if (this.#sinceRest < BYTES_BEFORE_REST || this.#rest !== undefined) return;
    this.#sinceRest = 0;
    this.#socket.pause();
    resting += 1;
    this.#rest = setTimeout(() => {
      resting -= 1;
      this.#rest = undefined;
      this.#socket.resume();
    }, REST_MS * resting);
    if (this.#tail === null) this.#rest.unref();
  }

  /**
   * What was written before the process ended is in the pipe, but perhaps not yet announced by the event loop. A pipe
   * holds no more than OUTPUT_LIMIT (pipe(7)), so one bounded read takes it all, whatever a background process adds.
   */
  #drain(tail: Tail): void {
    const buffer = Buffer.allocUnsafe(OUTPUT_LIMIT);
    let length = 0;
    try {
      while (length < buffer.length) {
        const read = readSync(this.#readFd, buffer, length, buffer.length - length, null);
        if (read === 0) break;
        length += read;
      }
    } catch {
      // EAGAIN: empty, but still open somewhere.
    }
    tail.add(buffer.subarray(0, length));
  }
}

/** The last OUTPUT_LIMIT bytes of a stream. */
export class Tail {
  #chunks: Buffer[] = [];
  #length = 0;
  #cut = false;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= OUTPUT_LIMIT) {
      this.#length -= this.#chunks.shift()?.length ?? 0;
      this.#cut = true;
    }
  }

  text(): string {
    const whole = Buffer.concat(this.#chunks);
    if (!this.#cut && whole.length <= OUTPUT_LIMIT) return whole.toString('utf8');
    const kept = whole.subarray(Math.max(0, whole.length - OUTPUT_LIMIT));
    // The first line is most likely half a line, and may begin within a character.
    return `[earlier output left out]\n${kept.subarray(kept.indexOf(0x0a) + 1).toString('utf8')}`;
  }
}
