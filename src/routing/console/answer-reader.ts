import type { Socket } from 'node:net';
import { type FrrDaemon, VtyUnavailable } from '../vty/answer.js';
import type { Limit } from './console-connection.js';

/** What was read up to the end of an answer, or up to the limit. */
export interface Reading {
  readonly bytes: Buffer;
  readonly cut: boolean;
}

/** Whether an answer ends here, given its last bytes (at most TAIL_BYTES of them); `if-quiet`: if no more comes now. */
export type IsEnd = (tail: Buffer) => boolean | 'if-quiet';

/** FRR writes an answer without pauses. */
const QUIET_MS = 100;

/** Prompts, and a completed line behind one, are shorter. */
const TAIL_BYTES = 2_048;

/**
 * Reads one answer after the other from a socket. Looks at the end of what came only, and stops at the limit, so that a
 * long answer costs the daemon no more than its limit.
 */
export class AnswerReader {
  readonly #daemon: FrrDaemon;
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  #tail = Buffer.alloc(0);
  #ended: string | undefined;
  #look: () => void = () => {};

  constructor(daemon: FrrDaemon, socket: Socket) {
    this.#daemon = daemon;
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => this.#end('the session was closed'));
  }

  /** Throws VtyUnavailable. `what`: for the sentence, if nothing comes. */
  read(isEnd: IsEnd, what: string, { deadlineMs, bytes }: Limit): Promise<Reading> {
    return new Promise((resolve, reject) => {
      const waitMs = Math.max(0, deadlineMs - performance.now());
      let quiet: NodeJS.Timeout | undefined;
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        clearTimeout(quiet);
        this.#look = () => {};
        act();
      };
      const fail = (reason: string): void =>
        settle(() => {
          this.close();
          reject(new VtyUnavailable(this.#daemon, reason));
        });
      const timer = setTimeout(() => fail(`no answer to ${what} within the time limit`), waitMs);
      const whole = () => settle(() => resolve({ bytes: this.#take(), cut: false }));
      this.#look = () => {
        clearTimeout(quiet);
        const end = this.#length > 0 && isEnd(this.#tail);
        if (this.#length > bytes) settle(() => resolve({ bytes: this.#cut(bytes), cut: true }));
        else if (end === true) whole();
        else if (this.#ended !== undefined) fail(this.#ended);
        else if (end === 'if-quiet') quiet = setTimeout(whole, QUIET_MS);
      };
      this.#look();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-TAIL_BYTES);
    this.#look();
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#length = 0;
    this.#tail = Buffer.alloc(0);
    return bytes;
  }

  #cut(length: number): Buffer {
    const bytes = this.#take().subarray(0, length);
    this.close();
    return bytes;
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#look();
  }
}
