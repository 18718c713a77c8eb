import type { Happening } from '../model/index.js';
import { type ClusterEvent, clusterEvent, parseEvent } from './cluster-event.js';
import { type EventFilter, matcher } from './filter.js';
import { SegmentWriter } from './segment-writer.js';
import { listSegments, readEnd, readLines, type Segment, segmentAt } from './segments.js';

export interface EventLogOptions {
  /** `STATEDIR/events`. */
  readonly folder: string;
  /** A segment that has more is followed by a new one. */
  readonly maxSegmentBytes?: number;
  /** So many segments are kept. */
  readonly segments?: number;
  readonly warn: (text: string) => void;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

export interface EventQuery extends EventFilter {
  /** Only events with a lower number. */
  readonly before?: number | undefined;
  /** At most so many. */
  readonly limit: number;
}

const MAX_SEGMENT_BYTES = 8 * 1024 * 1024;
const SEGMENTS = 2;

/** So many of the newest events are answered from memory. */
const REMEMBERED = 1000;

/** About what so many take in a file. */
const END_BYTES = 256 * 1024;

/** Looking through old events gives way to other work after this time, in ms. */
const SLICE_MS = 4;

/** The list of events. */
export class EventLog {
  readonly #folder: string;
  readonly #writer: SegmentWriter;
  readonly #now: () => number;
  /** The newest events, oldest first; every event from the first of them on is here. */
  readonly #recent: ClusterEvent[];
  readonly #listeners = new Set<(event: ClusterEvent) => void>();
  #seq: number;

  private constructor(
    folder: string,
    writer: SegmentWriter,
    recent: ClusterEvent[],
    lastSeq: number,
    now: () => number,
  ) {
    this.#folder = folder;
    this.#writer = writer;
    this.#recent = recent;
    this.#seq = lastSeq;
    this.#now = now;
  }

  /** Goes on behind what an earlier life left. Throws the system's error if the folder cannot be used. */
  static async open(options: EventLogOptions): Promise<EventLog> {
    const { folder, maxSegmentBytes = MAX_SEGMENT_BYTES, segments = SEGMENTS, warn, now = Date.now } = options;
    const newest = (await listSegments(folder)).at(-1);
    const { lines, isTorn } = newest === undefined ? NOTHING : await readEnd(newest, END_BYTES);
    const recent = lines.flatMap((line) => parseEvent(line) ?? []).slice(-REMEMBERED);
    const lastSeq = recent.at(-1)?.seq ?? (newest === undefined ? 0 : newest.firstSeq - 1);
    const segment = newest ?? segmentAt(folder, 1);
    const writer = new SegmentWriter({ folder, maxSegmentBytes, segments, warn }, segment, isTorn);
    return new EventLog(folder, writer, recent, lastSeq, now);
  }

  /** Cheap: the event is numbered and told at once, and written later. */
  append(happening: Happening): void {
    this.#seq += 1;
    const event = clusterEvent(this.#seq, this.#now(), happening);
    this.#recent.push(event);
    if (this.#recent.length > 2 * REMEMBERED) this.#recent.splice(0, REMEMBERED);
    this.#writer.append(event.seq, JSON.stringify(event));
    for (const listener of this.#listeners) listener(event);
  }

  /** Tells of each event as it comes, until the returned function is called. */
  listen(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest first. */
  async query({ before = Number.POSITIVE_INFINITY, limit, ...filter }: EventQuery): Promise<ClusterEvent[]> {
    const found: ClusterEvent[] = [];
    const matches = matcher(filter);
    for await (const event of this.#newestFirst(before)) {
      if (found.length >= limit) break;
      if (matches(event)) found.push(event);
    }
    return found;
  }

  /** All that is kept and passes, as JSON lines, oldest first. */
  async *lines(filter: EventFilter = {}): AsyncGenerator<string> {
    const matches = matcher(filter);
    await this.#writer.flush();
    for (const segment of await listSegments(this.#folder)) {
      for await (const line of inSlices(await readLines(segment))) {
        const event = parseEvent(line);
        if (event !== undefined && matches(event)) yield `${line}\n`;
      }
    }
  }

  /** When everything is written. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  async *#newestFirst(before: number): AsyncGenerator<ClusterEvent> {
    const recent = this.#recent.filter(({ seq }) => seq < before).reverse();
    yield* recent;
    const older = Math.min(before, this.#recent[0]?.seq ?? this.#seq + 1);
    for (const segment of (await listSegments(this.#folder)).reverse()) {
      if (segment.firstSeq < older) yield* olderThan(segment, older);
    }
  }
}

const NOTHING = { lines: [], isTorn: false };

async function* olderThan(segment: Segment, before: number): AsyncGenerator<ClusterEvent> {
  const lines = await readLines(segment);
  for await (const line of inSlices(lines.reverse())) {
    const event = parseEvent(line);
    if (event !== undefined && event.seq < before) yield event;
  }
}

/** Gives way to other work after a few ms: of many thousand lines perhaps none is wanted. */
async function* inSlices(lines: Iterable<string>): AsyncGenerator<string> {
  let sliceEnds = performance.now() + SLICE_MS;
  for (const line of lines) {
    if (performance.now() >= sliceEnds) {
      await new Promise((resolve) => setImmediate(resolve));
      sliceEnds = performance.now() + SLICE_MS;
    }
    yield line;
  }
}
