import { type FileHandle, open, stat } from 'node:fs/promises';
import { keepNewest, type Segment, segmentAt } from './segments.js';

export interface SegmentWriterOptions {
  readonly folder: string;
  readonly maxSegmentBytes: number;
  readonly segments: number;
  /** Takes a sentence for the log. */
  readonly warn: (text: string) => void;
}

/** Lines that wait are written together, so long after the first of them, in ms. */
const GATHER_MS = 50;

/** A disk that does not answer must not fill the memory: further lines are dropped, and counted. */
const MAX_WAITING_LINES = 10_000;

const WARN_EVERY_MS = 60_000;

/**
 * Appends lines to the newest segment and begins a new one when it is full. Nobody waits for it: lines are gathered,
 * written by another thread, and not synced, because a list of events is not worth what a failover would pay.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #segment: Segment;
  #file: FileHandle | undefined;
  #size = 0;
  #waiting: { readonly seq: number; readonly line: string }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #startsOnNewLine: boolean;
  #dropped = 0;
  #warnedAtMs = Number.NEGATIVE_INFINITY;

  /** `segment`: the newest there is; `isTorn`: its last line has no end. */
  constructor(options: SegmentWriterOptions, segment: Segment, isTorn: boolean) {
    this.#options = options;
    this.#segment = segment;
    this.#startsOnNewLine = isTorn;
  }

  append(seq: number, line: string): void {
    if (this.#waiting.length >= MAX_WAITING_LINES) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({ seq, line });
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** When all lines so far are written, or could not be. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeWaiting());
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting;
    const [first] = lines;
    if (first === undefined) return;
    this.#waiting = [];
    try {
      await this.#write(first.seq, lines.map(({ line }) => `${line}\n`).join(''));
    } catch (error) {
      this.#dropped += lines.length;
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
      this.#startsOnNewLine = true;
      this.#warn(error instanceof Error ? error.message : String(error));
    }
  }

  async #write(firstSeq: number, text: string): Promise<void> {
    const { folder, maxSegmentBytes, segments } = this.#options;
    if (this.#size >= maxSegmentBytes) {
      await this.#file?.close();
      this.#file = undefined;
      this.#segment = segmentAt(folder, firstSeq);
    }
    if (this.#file === undefined) {
      this.#file = await open(this.#segment.path, 'a', 0o600);
      this.#size = (await stat(this.#segment.path)).size;
      if (this.#size === 0) this.#startsOnNewLine = false;
      await keepNewest(folder, segments);
    }
    const bytes = Buffer.from(this.#startsOnNewLine ? `\n${text}` : text);
    await this.#file.write(bytes);
    this.#startsOnNewLine = false;
    this.#size += bytes.length;
  }

  #warn(reason: string): void {
    const now = performance.now();
    if (now - this.#warnedAtMs < WARN_EVERY_MS) return;
    this.#warnedAtMs = now;
    this.#options.warn(`events cannot be written (${reason}): ${this.#dropped} are missing from the list so far`);
  }
}
