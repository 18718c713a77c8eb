import type { PersistedNode, PersistedService } from '../model/index.js';
import type { Log, Records } from './ports.js';

/** What could not be written is tried again after this time, in ms. */
const RETRY_MS = 5_000;

const NODE = Symbol('node');

interface Unwritten {
  readonly write: () => void;
  readonly why: string;
}

/**
 * Writes records, and goes on when they cannot be written (a full disk): a daemon that ends leaves services running that
 * nobody looks after. One record is indispensable, that of a service which is about to start; `missing` tells whether it is
 * there, and a service without it does not start, since a later life would not know of it. The others are written as soon as
 * there is room.
 */
export class RecordKeeper implements Records {
  readonly #records: Records;
  readonly #log: Log;
  readonly #unwritten = new Map<string | typeof NODE, Unwritten>();
  #timer: NodeJS.Timeout | undefined;

  constructor(records: Records, log: Log) {
    this.#records = records;
    this.#log = log;
  }

  saveNode(record: PersistedNode): void {
    this.#write(NODE, () => this.#records.saveNode(record));
  }

  saveService(service: string, record: PersistedService, options: { readonly durable: boolean }): void {
    this.#write(service, () => this.#records.saveService(service, record, options));
  }

  /** Why the newest record of the service is not written; null: it is. */
  missing(service: string): string | null {
    return this.#unwritten.get(service)?.why ?? null;
  }

  /** What is wrong, in a sentence; null: nothing. */
  get problem(): string | null {
    const [first] = this.#unwritten.values();
    if (first === undefined) return null;
    const names = [...this.#unwritten.keys()].map((key) => (key === NODE ? 'this node' : key)).join(', ');
    return `the state directory cannot be written (${first.why}): what a restart would forget of ${names} is written when there is room`;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #write(key: string | typeof NODE, write: () => void): void {
    const before = this.#unwritten.get(key);
    try {
      write();
      this.#unwritten.delete(key);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#unwritten.delete(key);
      this.#unwritten.set(key, { write, why });
      if (before === undefined) this.#log.error({}, this.problem ?? why);
      this.#timer ??= setTimeout(() => this.#tryAgain(), RETRY_MS).unref();
    }
  }

  #tryAgain(): void {
    this.#timer = undefined;
    for (const [key, { write }] of [...this.#unwritten]) this.#write(key, write);
    if (this.#unwritten.size === 0)
      this.#log.info({}, 'the state directory can be written again, and nothing is missing in it');
  }
}
