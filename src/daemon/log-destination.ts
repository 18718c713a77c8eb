import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** What waits for a reader that has stalled; what comes then is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** A reader that takes nothing is tried again after this time, in ms. */
const RETRY_MS = 50;

export interface LogDestinationOptions {
  /** An open file: the log's lines are written to it. */
  readonly descriptor: number;
  /** The line that says how many were lost and why, with its end. */
  readonly lossLine: (lost: number, why: string) => string;
  readonly maxWaitingBytes?: number;
}

/**
 * Writes lines without ever waiting for who reads them: a pipe that nobody reads and a disk that is full must not keep
 * the daemon from its work, nor from ending. What cannot be written is dropped and counted, and the count is told as soon
 * as something can be written again.
 *
 * pino's own destination sleeps and tries again where it meets a full disk, and keeps the process while one write waits.
 */
export class LogDestination {
  readonly #options: Required<LogDestinationOptions>;
  readonly #sink: Sink;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** What is being written. */
  #current: Buffer | null = null;
  #lost = 0;
  #why = '';
  /** The last line written has no end; `#continues`: what waits goes on with it. */
  #isTorn = false;
  #continues = false;
  #retry: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: LogDestinationOptions) {
    this.#options = { maxWaitingBytes: MAX_WAITING_BYTES, ...options };
    this.#sink = sinkOf(options.descriptor);
  }

  /** Takes a line with its end. Never throws. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waitingBytes + bytes.length > this.#options.maxWaitingBytes) {
      this.#lose(1, 'nobody reads it');
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#go();
  }

  /** When nothing waits any more, or after `withinMs`. */
  drained(withinMs: number): Promise<void> {
    if (this.#current === null && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, withinMs);
      this.#idle.push(() => {
        clearTimeout(limit);
        resolve();
      });
    });
  }

  /** Writes what can be written at once, for a process that ends now. */
  flushNow(): void {
    // What a thread is writing it will write before the process ends.
    const rest = this.#sink.isAside ? this.#waiting : [this.#current ?? Buffer.alloc(0), ...this.#waiting];
    this.#waiting = [];
    try {
      writeSync(this.#sink.descriptor, Buffer.concat(rest));
    } catch {
      // Nobody reads any more, or the disk is full: there is nobody to tell.
    }
  }

  #go(): void {
    if (this.#current !== null || this.#retry !== undefined) return;
    const bytes = this.#next();
    if (bytes === null) {
      for (const tell of this.#idle.splice(0)) tell();
      return;
    }
    this.#current = bytes;
    this.#sink.write(bytes, (error, written) => this.#written(bytes, error, written));
  }

  /** All that waits, as one piece; null: nothing does. */
  #next(): Buffer | null {
    if (this.#waiting.length === 0) return null;
    const pieces = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#isTorn && !this.#continues) pieces.unshift(Buffer.from('\n'));
    this.#continues = false;
    return Buffer.concat(pieces);
  }

  #written(bytes: Buffer, error: NodeJS.ErrnoException | null, written: number): void {
    this.#current = null;
    if (written > 0) this.#isTorn = bytes[written - 1] !== NEWLINE;
    const rest = bytes.subarray(written);
    if (error?.code === 'EAGAIN') this.#tryLater(rest);
    else if (error !== null) this.#lose(linesIn(rest), error.message);
    else if (rest.length > 0) this.#putBack(rest);
    else this.#tellLoss();
    this.#go();
  }

  #tryLater(rest: Buffer): void {
    this.#putBack(rest);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#go();
    }, RETRY_MS).unref();
  }

  #putBack(rest: Buffer): void {
    this.#continues = true;
    this.#waiting.unshift(rest);
    this.#waitingBytes += rest.length;
  }

  #lose(lines: number, why: string): void {
    this.#lost += lines;
    this.#why = why;
  }

  /** It works again. */
  #tellLoss(): void {
    if (this.#lost === 0) return;
    const line = Buffer.from(this.#options.lossLine(this.#lost, this.#why));
    this.#lost = 0;
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
  }
}

const NEWLINE = 0x0a;

function linesIn(bytes: Buffer): number {
  return bytes.reduce((count, byte) => (byte === NEWLINE ? count + 1 : count), 0);
}

interface Sink {
  readonly descriptor: number;
  /** Another thread writes. */
  readonly isAside: boolean;
  write(bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void;
}

function sinkOf(descriptor: number): Sink {
  if (fstatSync(descriptor).isFile()) {
    return { descriptor, isAside: true, write: (bytes, done) => write(descriptor, bytes, done) };
  }
  const own = withoutWaiting(descriptor);
  return { descriptor: own, isAside: false, write: (bytes, done) => tryToWrite(own, bytes, done) };
}

/**
 * The same pipe or terminal, opened anew, so that only we do not wait for it: others may share this open file. A socket
 * cannot be opened anew, nor can the pipe of another user; what Node makes of them does not wait.
 */
function withoutWaiting(descriptor: number): number {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    const stat = fstatSync(descriptor);
    if (stat.isSocket() || stat.isFIFO()) {
      new Socket({ fd: descriptor, readable: false, writable: true }).on('error', () => {}).unref();
    }
    return descriptor;
  }
}

/** Done before it returns. */
function tryToWrite(
  descriptor: number,
  bytes: Buffer,
  done: (error: NodeJS.ErrnoException | null, written: number) => void,
): void {
  let written = 0;
  try {
    written = writeSync(descriptor, bytes);
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)), 0);
    return;
  }
  done(null, written);
}
