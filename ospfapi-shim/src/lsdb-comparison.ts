import type { Session } from './connection/session.js';
import { ALL_LSAS, SYNCED_LSA_TYPES } from './connection/start-session.js';
import type { OspfApiEvent } from './events.js';
import type { LsdbKeeper } from './lsdb-keeper.js';

export interface LsdbComparisonOptions {
  readonly session: Pick<Session, 'request' | 'barrier'>;
  readonly keeper: LsdbKeeper;
  readonly everyMs: number;
  readonly afterAdjacencyMs: number;
  readonly emit: (event: OspfApiEvent) => void;
}

/**
 * Compares the mirror with ospfd's LSDB now and then, and after each new adjacency: what ospfd tells of changes may be lost.
 * One LSA type at a time, each delivered before the next is asked for, so that neither side has a burst to cope with.
 */
export class LsdbComparison {
  readonly #options: LsdbComparisonOptions;
  #timer: NodeJS.Timeout;
  #dueMs: number;
  #running = false;
  #ended = false;

  constructor(options: LsdbComparisonOptions) {
    this.#options = options;
    this.#dueMs = performance.now() + options.everyMs;
    this.#timer = setTimeout(() => void this.#run(), options.everyMs);
  }

  /** Another neighbour is Full: its LSDB is being exchanged, or has been. */
  adjacencyFormed(): void {
    const dueMs = performance.now() + this.#options.afterAdjacencyMs;
    if (this.#ended || this.#running || dueMs >= this.#dueMs) return;
    this.#schedule(this.#options.afterAdjacencyMs);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = performance.now() + delayMs;
    this.#timer = setTimeout(() => void this.#run(), delayMs);
  }

  async #run(): Promise<void> {
    const { keeper, emit, everyMs } = this.#options;
    this.#running = true;
    let [differences, unsure] = [0, 0];
    for (const type of SYNCED_LSA_TYPES) {
      if (!(await this.#ask(type))) break;
      const found = keeper.endComparison();
      differences += found.differences;
      unsure += found.unsure;
    }
    this.#running = false;
    if (this.#ended) return;
    emit({ type: 'compared', differences, unsure });
    this.#schedule(everyMs);
  }

  /** Returns whether all that ospfd has of this type was told. */
  async #ask(type: number): Promise<boolean> {
    const { session, keeper } = this.#options;
    if ((await session.barrier()) === undefined || this.#ended) return false;
    keeper.beginComparison(type);
    const reply = await session.request({ kind: 'sync-lsdb', filter: { ...ALL_LSAS, typeMask: 1 << (type - 1) } });
    return reply.ok && (await session.barrier()) !== undefined && !this.#ended;
  }
}
