import { StatusFeed, type StatusSource } from './status-feed.js';

/** What a stream can tell besides the status. */
export type Topic = 'event' | 'lsdb';

/** The connection of one listener. */
export interface Sink {
  write(text: string): void;
  /** Bytes that were written and that the listener has not taken yet. */
  waiting(): number;
  /** Ends the connection at once. */
  cut(): void;
}

export interface Subscription {
  close(): void;
}

/** Open streams at the same time. */
export const MAX_STREAMS = 400;

/** A listener that lets more wait, beyond one whole status, is cut; a browser then connects again by itself. */
export const MAX_WAITING_BYTES = 1024 * 1024;

/** Between two `status` events, in ms. */
export const COALESCE_MS = 50;

/** Looking takes at most every fifth part of the time, however large the cluster is. */
const REST_PER_LOOK = 4;

const HEARTBEAT_MS = 10_000;

interface Listener {
  readonly sink: Sink;
  readonly topics: ReadonlySet<Topic>;
  hasStatus: boolean;
}

/** Tells all open streams what changes. Nothing is computed while nobody listens. */
export class StreamHub {
  readonly #feed: StatusFeed;
  readonly #listeners = new Set<Listener>();
  readonly #onError: (error: unknown) => void;
  #heartbeat: NodeJS.Timeout | undefined;
  #nextLook: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** Something has happened since the last look began. */
  #isStale = true;
  #mayLookAtMs = 0;
  #closed = false;

  /** `onError` is told what a look throws; the stream of it ends. */
  constructor(source: StatusSource, onError: (error: unknown) => void) {
    this.#feed = new StatusFeed(source);
    this.#onError = onError;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  listensTo(topic: Topic): boolean {
    return [...this.#listeners].some(({ topics }) => topics.has(topic));
  }

  /** undefined: there are MAX_STREAMS already, or the daemon is ending. */
  open(sink: Sink, topics: ReadonlySet<Topic>): Subscription | undefined {
    if (this.#closed || this.#listeners.size >= MAX_STREAMS) return undefined;
    const listener: Listener = { sink, topics, hasStatus: false };
    this.#listeners.add(listener);
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS);
    if (this.#isStale || this.#isLooking) this.#schedule();
    else this.#sendComplete(listener);
    return { close: () => this.#remove(listener) };
  }

  /** Something may have changed in the status. Cheap; to be called after every event. */
  changed(): void {
    this.#isStale = true;
    if (this.#listeners.size > 0) this.#schedule();
  }

  /** Sends an event of another kind to those who want it. */
  publish(topic: Topic, data: unknown): void {
    if (!this.listensTo(topic)) return;
    const text = encode(topic, JSON.stringify(data));
    for (const listener of this.#listeners) {
      if (listener.topics.has(topic)) this.#send(listener, text);
    }
  }

  /** Ends all streams; no new one begins. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) {
      this.#remove(listener);
      listener.sink.cut();
    }
  }

  #schedule(): void {
    if (this.#nextLook !== undefined || this.#isLooking) return;
    const delayMs = Math.max(0, this.#mayLookAtMs - performance.now());
    this.#nextLook = setTimeout(() => {
      this.#nextLook = undefined;
      this.#look().catch(this.#onError);
    }, delayMs);
  }

  async #look(): Promise<void> {
    const began = performance.now();
    this.#isLooking = true;
    this.#isStale = false;
    try {
      const { delta } = await this.#feed.look();
      const text = delta === null ? null : encode('status', delta);
      for (const listener of this.#listeners) {
        if (!listener.hasStatus) this.#sendComplete(listener);
        else if (text !== null) this.#send(listener, text);
      }
    } finally {
      const ended = performance.now();
      this.#isLooking = false;
      this.#mayLookAtMs = ended + Math.max(COALESCE_MS, REST_PER_LOOK * (ended - began));
    }
    if (this.#isStale && this.#listeners.size > 0) this.#schedule();
  }

  #sendComplete(listener: Listener): void {
    listener.hasStatus = true;
    this.#send(listener, encode('status', this.#feed.complete()));
  }

  #beat(): void {
    for (const listener of this.#listeners) this.#send(listener, ':\n\n');
  }

  #send(listener: Listener, text: string): void {
    const { sink } = listener;
    if (sink.waiting() > MAX_WAITING_BYTES + this.#feed.complete().length) {
      this.#remove(listener);
      sink.cut();
    } else {
      sink.write(text);
    }
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
    clearTimeout(this.#nextLook);
    this.#nextLook = undefined;
  }
}

function encode(event: 'status' | Topic, json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}
