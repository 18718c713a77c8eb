import { SLICE_MS, StatusFeed, type StatusSource } from './status-feed.js';

/** What a stream can tell besides the status. */
export type Topic = 'event' | 'lsdb';

/** The connection of one listener. */
export interface Sink {
  write(text: string | Uint8Array): void;
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

/** Texts on their way at the same time; at more, all streams are cut, and begin anew with the whole status. */
const MAX_BROADCASTS = 1000;

/** A listener that has taken nothing at so many heartbeats in a row is cut. */
const MAX_STALLED_BEATS = 3;

interface Listener {
  readonly sink: Sink;
  readonly topics: ReadonlySet<Topic>;
  hasStatus: boolean;
  stalledBeats: number;
}

/** A text on its way to those who listened when it was made. */
interface Broadcast {
  readonly text: Uint8Array;
  readonly listeners: readonly Listener[];
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
  readonly #broadcasts: Broadcast[] = [];
  #isSending = false;
  #closed = false;

  /** `onError` is told what a look throws; nobody hears of that look. */
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
    const listener: Listener = { sink, topics, hasStatus: false, stalledBeats: 0 };
    this.#listeners.add(listener);
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS);
    if (this.#isStale || this.#isLooking) this.#schedule();
    else {
      listener.hasStatus = true;
      this.#broadcast(encode('status', this.#feed.complete()), (other) => other === listener);
    }
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
    this.#broadcast(text, (listener) => listener.topics.has(topic));
  }

  /** Ends all streams; no new one begins. */
  close(): void {
    this.#closed = true;
    this.#cutAll();
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
      const isNew = ({ hasStatus }: Listener) => !hasStatus;
      if (delta !== null) this.#broadcast(encode('status', delta), ({ hasStatus }) => hasStatus);
      if ([...this.#listeners].some(isNew)) this.#broadcast(encode('status', this.#feed.complete()), isNew);
      for (const listener of this.#listeners) listener.hasStatus = true;
    } finally {
      const ended = performance.now();
      this.#isLooking = false;
      this.#mayLookAtMs = ended + Math.max(COALESCE_MS, REST_PER_LOOK * (ended - began));
    }
    if (this.#isStale && this.#listeners.size > 0) this.#schedule();
  }

  #beat(): void {
    for (const listener of this.#listeners) {
      listener.stalledBeats = listener.sink.waiting() === 0 ? 0 : listener.stalledBeats + 1;
      if (listener.stalledBeats >= MAX_STALLED_BEATS) this.#cut(listener);
    }
    this.#broadcast(BEAT, () => true);
  }

  #broadcast(text: Uint8Array, isFor: (listener: Listener) => boolean): void {
    if (this.#broadcasts.length >= MAX_BROADCASTS) return this.#cutAll();
    this.#broadcasts.push({ text, listeners: [...this.#listeners].filter(isFor) });
    if (!this.#isSending) this.#sendAll().catch(this.#onError);
  }

  /** One after the other, and a few ms at a time: encrypting for some hundred listeners takes long. */
  async #sendAll(): Promise<void> {
    this.#isSending = true;
    try {
      let sliceEnds = performance.now() + SLICE_MS;
      for (let next = this.#broadcasts.shift(); next !== undefined; next = this.#broadcasts.shift()) {
        for (const listener of next.listeners) {
          if (performance.now() >= sliceEnds) {
            await new Promise((resolve) => setImmediate(resolve));
            sliceEnds = performance.now() + SLICE_MS;
          }
          if (this.#listeners.has(listener)) this.#send(listener, next.text);
        }
      }
    } finally {
      this.#isSending = false;
    }
  }

  #send(listener: Listener, text: Uint8Array): void {
    const { sink } = listener;
    if (sink.waiting() > MAX_WAITING_BYTES + this.#feed.complete().length) this.#cut(listener);
    else sink.write(text);
  }

  #cutAll(): void {
    this.#broadcasts.length = 0;
    for (const listener of this.#listeners) this.#cut(listener);
  }

  #cut(listener: Listener): void {
    this.#remove(listener);
    listener.sink.cut();
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

const BEAT = Buffer.from(':\n\n');

function encode(event: 'status' | Topic, json: string): Uint8Array {
  return Buffer.from(`event: ${event}\ndata: ${json}\n\n`);
}
