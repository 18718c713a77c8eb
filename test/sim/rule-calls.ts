import { Session } from 'node:inspector/promises';
import type { Counts } from './coverage.js';
import { add } from './coverage.js';

/**
 * Counts the calls of every function of the core: each rule is one. V8 counts; the core knows nothing of it. Costs some
 * speed while it is on.
 */
export class RuleCalls {
  readonly #session = new Session();

  async begin(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  }

  /** From now on only whether a function is called at all, which is cheap. */
  async beginCheap(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: false });
  }

  /** Also the functions that were never called, with 0. */
  async end(): Promise<Counts> {
    const counts: Counts = new Map();
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    for (const { url, functions } of result) {
      const file = /\/src\/cluster\/([a-z-]+)\.js$/.exec(url)?.[1];
      if (file === undefined) continue;
      for (const { functionName, ranges } of functions) {
        if (functionName !== '') add(counts, `${file}: ${functionName}`, ranges[0]?.count ?? 0);
      }
    }
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
    return counts;
  }
}
