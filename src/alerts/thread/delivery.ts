import { HOLD_MS } from '../duty.js';
import type { Alert, AlertState } from './messages.js';

/** At more, the oldest is dropped: of late, people want to know what is now. */
export const MAX_WAITING = 1000;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface DeliveryOptions {
  readonly name: string;
  /** Delivers them together; rejects with a sentence if they have to be sent again. */
  readonly send: (alerts: readonly Alert[]) => Promise<void>;
  /** So many go together at most. */
  readonly together: number;
  readonly changed: (state: AlertState) => void;
  readonly now?: () => number;
  readonly firstPauseMs?: number;
}

interface Waiting {
  readonly alert: Alert;
  readonly atMs: number;
}

/** The queue of one target: in order, one call at a time, again and again until it succeeds or is too old. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #now: () => number;
  #waiting: Waiting[] = [];
  #sent = 0;
  #failed = 0;
  #dropped = 0;
  #trouble: string | null = null;
  #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#pauseMs = options.firstPauseMs ?? FIRST_PAUSE_MS;
  }

  get state(): AlertState {
    const waiting = this.#waiting.length;
    return {
      name: this.#options.name,
      waiting,
      sent: this.#sent,
      failed: this.#failed,
      dropped: this.#dropped,
      trouble: this.#trouble,
    };
  }

  put(alert: Alert): void {
    this.#waiting.push({ alert, atMs: this.#now() });
    if (this.#waiting.length > MAX_WAITING) this.#drop(1);
    if (this.#timer === undefined) this.#begin();
  }

  /** Tries once more what waits, without a pause. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#running;
    this.#begin();
    await this.#running;
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#running ??= this.#deliver().finally(() => {
      this.#running = undefined;
    });
  }

  async #deliver(): Promise<void> {
    const { send, together, changed } = this.#options;
    while (this.#waiting.length > 0) {
      this.#dropOld();
      const batch = this.#waiting.slice(0, together);
      if (batch.length === 0) break;
      try {
        await send(batch.map(({ alert }) => alert));
        // Some may have been dropped meanwhile.
        this.#waiting = this.#waiting.filter((each) => !batch.includes(each));
        this.#sent += batch.length;
        this.#trouble = null;
        this.#pauseMs = this.#options.firstPauseMs ?? FIRST_PAUSE_MS;
        changed(this.state);
      } catch (error) {
        this.#failed += 1;
        this.#trouble = error instanceof Error ? error.message : String(error);
        changed(this.state);
        return this.#again();
      }
    }
    changed(this.state);
  }

  #again(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#begin();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * this.#pauseMs);
  }

  #dropOld(): void {
    const nowMs = this.#now();
    const old = this.#waiting.filter(({ atMs }) => nowMs - atMs > HOLD_MS).length;
    if (old > 0) this.#drop(old);
  }

  #drop(count: number): void {
    this.#waiting.splice(0, count);
    this.#dropped += count;
    this.#options.changed(this.state);
  }
}
