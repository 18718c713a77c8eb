import { readSync } from 'node:fs';
import { Socket } from 'node:net';

/** How much of the end of a call's output is kept, in bytes. */
const OUTPUT_LIMIT = 64 * 1024;

/**
 * Reads what a call prints. A recipe may leave processes in the background that keep the pipe open, so the end of the
 * call is not the end of the pipe: `finish` takes what has been written so far, and what follows is thrown away. It
 * goes on being read, or the next line such a process prints would kill it (SIGPIPE) or block it.
 */
export class Output {
  readonly #tail = new Tail();
  readonly #socket: Socket;
  readonly #readFd: number;

  constructor(readFd: number) {
    this.#readFd = readFd;
    this.#socket = new Socket({ fd: readFd, readable: true, writable: false });
    this.#socket.on('data', (chunk) => this.#tail.add(chunk));
    // A pipe that cannot be read has nothing to tell; the exit status decides.
    this.#socket.on('error', () => undefined);
  }

  /** The end of the output, after the last process of interest has ended. */
  finish(): string {
    if (!this.#socket.destroyed && !this.#socket.readableEnded) this.#drain();
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
    this.#socket.unref();
    return this.#tail.text();
  }

  /** Closes the reading end, even if a background process still has the writing end. */
  close(): void {
    this.#socket.destroy();
  }

  /**
   * What was written before the process ended is in the pipe, but perhaps not yet announced by the event loop. A pipe
   * holds no more than OUTPUT_LIMIT (pipe(7)), so one bounded read takes it all, whatever a background process adds.
   */
  #drain(): void {
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
    this.#tail.add(buffer.subarray(0, length));
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
