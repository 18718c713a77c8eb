import type { GenerationStore, SeriesRecord } from '../generation-store.js';

/** Remembers nothing beyond the process. */
export class MemoryGenerationStore implements GenerationStore {
  #record: readonly SeriesRecord[] = [];

  load(): readonly SeriesRecord[] {
    return this.#record;
  }

  save(record: readonly SeriesRecord[]): Promise<void> {
    this.#record = record;
    return Promise.resolve();
  }
}
