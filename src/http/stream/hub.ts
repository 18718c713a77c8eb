import type { ClusterEvent } from '../../events/index.js';
import { StatusBook } from './status-book.js';
import type { StatusChange, Tell } from './status-change.js';
import { SLICE_MS } from './status-watch.js';

/** Where a hub learns what changes. Each function returns one that ends it. */
export interface LivePort {
  /** Tells the whole, and then what changes. */
  watchStatus(tell: Tell): () => void;
  /** Tells each event as it comes. `lost`: some could not be told. */
  watchEvents(tell: (event: ClusterEvent) => void, lost: () => void): () => void;
}

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

/** Open streams at the same time, of all and of one holder of a certificate. */
export const MAX_STREAMS = 400;
export const MAX_STREAMS_OF_ONE = 250;

/** A listener that lets more wait, beyond one whole status, is cut; a browser then connects again by itself. */
export const MAX_WAITING_BYTES = 1024 * 1024;

const HEARTBEAT_MS = 10_000;

/** Texts on their way at the same time; at more, all streams are cut, and begin anew with the whole status. */
const MAX_BROADCASTS = 1000;

/** A listener that has taken nothing at so many heartbeats in a row is cut. */
const MAX_STALLED_BEATS = 3;

interface Listener {
  readonly sink: Sink;
  readonly who: string;
  hasStatus: boolean;
  stalledBeats: number;
}

/** A text on its way to those who listened when it was made. */
interface Broadcast {
  readonly text: Uint8Array;
  readonly listeners: readonly Listener[];
}

/** Tells all open streams what changes. Nothing is asked for while nobody listens. */
export class StreamHub {
  readonly #port: LivePort;
  readonly #listeners = new Set<Listener>();
  readonly #onError: (error: unknown) => void;
  #heartbeat: NodeJS.Timeout | undefined;
  /** What was told; undefined: nothing yet. */
  #book: StatusBook | undefined;
  #unwatch: (() => void) | undefined;
  readonly #broadcasts: Broadcast[] = [];
  #isSending = false;
  #closed = false;

  /** `onError` is told what nobody has foreseen. */
  constructor(port: LivePort, onError: (error: unknown) => void) {
    this.#port = port;
    this.#onError = onError;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Why no stream can be opened for `who`; undefined: one can. */
  obstacle(who: string): string | undefined {
    if (this.#closed) return 'the server is closing';
    if (this.#listeners.size >= MAX_STREAMS) return `${MAX_STREAMS} streams are open already; try again later`;
    const own = [...this.#listeners].filter((listener) => listener.who === who).length;
    if (own < MAX_STREAMS_OF_ONE) return undefined;
    return `${MAX_STREAMS_OF_ONE} streams of yours are open already; close some`;
  }

  /** `who`: the same for all streams of one holder. undefined: there is an obstacle. */
  open(sink: Sink, who: string): Subscription | undefined {
    if (this.obstacle(who) !== undefined) return undefined;
    const listener: Listener = { sink, who, hasStatus: this.#book !== undefined, stalledBeats: 0 };
    this.#listeners.add(listener);
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS);
    if (this.#book !== undefined) {
      this.#broadcast(encode('status', this.#book.complete()), (other) => other === listener);
    }
    this.#unwatch ??= this.#watch();
    return { close: () => this.#remove(listener) };
  }

  /** Ends all streams; no new one begins. */
  close(): void {
    this.#closed = true;
    this.#cutAll();
  }

  #watch(): () => void {
    const ends = [
      this.#port.watchStatus((change) => this.#tell(change)),
      this.#port.watchEvents(
        (event) => this.#broadcast(encode('event', JSON.stringify(event)), () => true),
        () => this.#cutAll(),
      ),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  #tell(change: StatusChange): void {
    if (this.#book === undefined || change.complete) {
      this.#book = new StatusBook(change);
      this.#broadcast(encode('status', this.#book.complete()), () => true);
      for (const listener of this.#listeners) listener.hasStatus = true;
    } else {
      this.#broadcast(encode('status', this.#book.add(change)), ({ hasStatus }) => hasStatus);
    }
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
    if (sink.waiting() > MAX_WAITING_BYTES + (this.#book?.length ?? 0)) this.#cut(listener);
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
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#book = undefined;
  }
}

const BEAT = Buffer.from(':\n\n');

function encode(event: 'status' | 'event', json: string): Uint8Array {
  return Buffer.from(`event: ${event}\ndata: ${json}\n\n`);
}
