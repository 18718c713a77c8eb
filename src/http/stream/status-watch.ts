import type { ServiceStatus } from '../../cluster/index.js';
import type { ProcessStatus } from '../status-document.js';
import { joined, type StatusChange, type StatusHead, type StatusSource, type Tell } from './status-change.js';
import { COALESCE_MS, Watcher } from './watcher.js';

/** The longest that a look may keep the event loop from other work, in ms. */
export const SLICE_MS = 4;

/** For those who watch, looking takes at most every fifth part of the time, however large the cluster is. */
const REST_PER_LOOK = 4;

/** For those who ask, at most every other. */
const REST_PER_ASKED_LOOK = 1;

/** What was seen is looked at again after so many ms, even if nobody has said that it has changed. */
const FRESH_MS = 1000;

interface Known {
  readonly status: ServiceStatus;
  readonly json: string;
}

/** When a look was taken. */
interface Look {
  readonly beganMs: number;
  /** As `beganMs` until it has ended. */
  readonly endedMs: number;
}

export interface StatusWatchOptions {
  /** Told what a look throws; nobody hears of that look. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

/**
 * Looks at the status when somebody wants to know it, a few ms at a time, and tells those who watch what has changed. What
 * is the same as before is not turned into JSON again. A status that took several turns of the event loop has each service
 * as it was at some time between its beginning and its end.
 */
export class StatusWatch {
  readonly #source: StatusSource;
  readonly #onError: (error: unknown) => void;
  readonly #now: () => number;
  readonly #watchers = new Set<Watcher>();
  #known: ReadonlyMap<string, Known> = new Map();
  #head: { readonly value: StatusHead; readonly json: string } | undefined;
  #generatedAt = '';
  /** Something has happened since the last look began. */
  #isStale = true;
  #last: Look = { beganMs: Number.NEGATIVE_INFINITY, endedMs: Number.NEGATIVE_INFINITY };
  #looking: Promise<void> | undefined;
  /** A look that has not begun yet. */
  #next: Promise<void> | undefined;
  #scheduled: NodeJS.Timeout | undefined;

  constructor(source: StatusSource, { onError, now = () => performance.now() }: StatusWatchOptions) {
    this.#source = source;
    this.#onError = onError;
    this.#now = now;
  }

  /** Tells the whole, and then what changes, until the function that it returns is called. */
  watch(tell: Tell): () => void {
    const watcher = new Watcher(tell, this.#onError);
    this.#watchers.add(watcher);
    if (this.#isStale || this.#looking !== undefined) this.#schedule();
    else watcher.put(this.#complete());
    return () => {
      watcher.close();
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      clearTimeout(this.#scheduled);
      this.#scheduled = undefined;
    };
  }

  /** Something may have changed in the status. Cheap; to be called after every event. */
  changed(): void {
    this.#isStale = true;
    if (this.#watchers.size > 0) this.#schedule();
  }

  /** A StatusDocument as JSON, as new as if it were made now. */
  async document(process: () => ProcessStatus): Promise<string> {
    await this.#refresh();
    const { ending, problems, duplicateRouterIds, ...head } = this.#head?.value ?? this.#source.head();
    return joined(head, this.#fragments(), { process: { ...process(), ending, problems, duplicateRouterIds } });
  }

  #refresh(): Promise<void> {
    const isOld = this.#now() - this.#last.beganMs > FRESH_MS;
    if (this.#isStale || isOld) return this.#lookAgain();
    return this.#looking ?? Promise.resolve();
  }

  #schedule(): void {
    if (this.#scheduled !== undefined || this.#next !== undefined) return;
    const nowMs = this.#now();
    const atMs = Math.max(nowMs, this.#last.beganMs + COALESCE_MS, restedAtMs(this.#last, REST_PER_LOOK));
    this.#scheduled = setTimeout(() => {
      this.#scheduled = undefined;
      this.#lookAgain().catch(this.#onError);
    }, atMs - nowMs);
  }

  /** All who ask before it begins get the same. */
  #lookAgain(): Promise<void> {
    this.#next ??= this.#lookWhenRested();
    return this.#next;
  }

  async #lookWhenRested(): Promise<void> {
    try {
      await this.#looking?.catch(() => {});
      const restMs = restedAtMs(this.#last, REST_PER_ASKED_LOOK) - this.#now();
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    } finally {
      this.#next = undefined;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#isStale && this.#watchers.size > 0) this.#schedule();
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const beganMs = this.#now();
    this.#last = { beganMs, endedMs: beganMs };
    this.#isStale = false;
    try {
      await this.#lookInSlices();
    } catch (error) {
      this.#isStale = true;
      throw error;
    } finally {
      this.#last = { beganMs, endedMs: this.#now() };
    }
  }

  async #lookInSlices(): Promise<void> {
    const changed = new Map<string, string>();
    const next = new Map<string, Known>();
    let sliceEnds = this.#now() + SLICE_MS;
    for (const name of this.#source.serviceNames()) {
      if (this.#now() >= sliceEnds) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceEnds = this.#now() + SLICE_MS;
      }
      const status = this.#source.service(name);
      if (status === undefined) continue;
      const before = this.#known.get(name);
      if (before !== undefined && isSame(before.status, status)) {
        next.set(name, before);
        continue;
      }
      const json = JSON.stringify(status);
      next.set(name, { status, json });
      changed.set(name, json);
    }
    const removed = [...this.#known.keys()].filter((name) => !next.has(name));
    this.#known = next;
    this.#tell(changed, removed);
  }

  #tell(services: ReadonlyMap<string, string>, removed: readonly string[]): void {
    const value = this.#source.head();
    const json = JSON.stringify(value);
    const isChanged = json !== this.#head?.json || services.size > 0 || removed.length > 0;
    this.#head = { value, json };
    if (isChanged) this.#generatedAt = new Date().toISOString();
    for (const watcher of this.#watchers) {
      if (!watcher.knows) watcher.put(this.#complete());
      else if (isChanged)
        watcher.put({ head: value, services, removed, complete: false, generatedAt: this.#generatedAt });
    }
  }

  #complete(): StatusChange {
    const services = new Map([...this.#known].map(([name, { json }]) => [name, json]));
    const head = this.#head?.value ?? this.#source.head();
    return { head, services, removed: [], complete: true, generatedAt: this.#generatedAt };
  }

  *#fragments(): Generator<string> {
    for (const { json } of this.#known.values()) yield json;
  }
}

function restedAtMs({ beganMs, endedMs }: Look, restPerLook: number): number {
  const tookMs = endedMs > beganMs ? endedMs - beganMs : 0;
  return endedMs + restPerLook * tookMs;
}

/** Whether two plain values are equal; a status is built in one way, so its keys have one order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a);
  const right: readonly unknown[] = Object.values(b);
  return left.length === right.length && left.every(([, value], index) => isSame(value, right[index]));
}
