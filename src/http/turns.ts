import type { Api } from './api.js';
import { refuse } from './errors.js';

/** Requests that wait for their turn; more are refused. */
const MAX_WAITING = 500;

/** What is to be done, one in each turn of the event loop: between any two the daemon's main job gets its turn. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  get waiting(): number {
    return this.#waiting.length;
  }

  add(act: () => void): void {
    this.#waiting.push(act);
    if (!this.#isScheduled) this.#schedule();
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  #schedule(): void {
    this.#isScheduled = this.#waiting.length > 0;
    if (this.#isScheduled) setImmediate(() => this.#next());
  }

  #next(): void {
    try {
      this.#waiting.shift()?.();
    } finally {
      this.#schedule();
    }
  }
}

/** Lets one request begin in each turn of the event loop, however many arrive at the same time. */
export function takeTurns(api: Api): void {
  const turns = new Turns();
  api.addHook('onRequest', (_request, reply, done) => {
    if (turns.waiting >= MAX_WAITING) {
      refuse(reply, 'busy', `${MAX_WAITING} requests wait already; try again later`);
      return;
    }
    turns.add(done);
  });
}
