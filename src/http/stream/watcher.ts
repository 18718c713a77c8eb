import type { StatusChange, StatusHead, Tell } from './status-change.js';

/** Between two changes that somebody is told, in ms. */
export const COALESCE_MS = 50;

/** What somebody has not been told yet: at most one entry for each service, however slow they are. */
export class Watcher {
  readonly #tell: Tell;
  readonly #onError: (error: unknown) => void;
  readonly #services = new Map<string, string>();
  readonly #removed = new Set<string>();
  #waiting: { readonly head: StatusHead; readonly complete: boolean; readonly generatedAt: string } | undefined;
  #isTelling = false;
  #mayTellAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #knows = false;

  constructor(tell: Tell, onError: (error: unknown) => void) {
    this.#tell = tell;
    this.#onError = onError;
  }

  /** It has been told the whole, or it waits for it. */
  get knows(): boolean {
    return this.#knows;
  }

  put({ head, services, removed, complete, generatedAt }: StatusChange): void {
    if (complete) {
      this.#knows = true;
      this.#services.clear();
      this.#removed.clear();
    }
    for (const [name, json] of services) {
      this.#services.set(name, json);
      this.#removed.delete(name);
    }
    for (const name of removed) {
      this.#services.delete(name);
      this.#removed.add(name);
    }
    this.#waiting = { head, generatedAt, complete: complete || this.#waiting?.complete === true };
    this.#next();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #next(): void {
    if (this.#waiting === undefined || this.#isTelling || this.#isClosed || this.#timer !== undefined) return;
    const delayMs = this.#mayTellAtMs - performance.now();
    if (delayMs > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, delayMs);
      return;
    }
    this.#tellAll(this.#waiting).catch(this.#onError);
  }

  async #tellAll(waiting: Pick<StatusChange, 'head' | 'complete' | 'generatedAt'>): Promise<void> {
    const change = { ...waiting, services: new Map(this.#services), removed: [...this.#removed] };
    this.#services.clear();
    this.#removed.clear();
    this.#waiting = undefined;
    this.#mayTellAtMs = performance.now() + COALESCE_MS;
    this.#isTelling = true;
    try {
      await this.#tell(change);
    } finally {
      this.#isTelling = false;
    }
    this.#next();
  }
}
