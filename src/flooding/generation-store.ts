/** What must be remembered of one series: which service has it, and how far its generations may have been used. */
export interface SeriesRecord {
  /** The S of `222.G.S.S`. */
  readonly series: number;
  /** null: the Daemon or Command LSAs. */
  readonly service: string | null;
  /** No higher generation (in the order of the circle) has been used. */
  readonly generation: number;
}

/**
 * Keeps the generations across a restart. They are a hint, not a truth: without them the node meets its old LSAs in the
 * LSDB and goes on after these.
 */
export interface GenerationStore {
  /** What was saved last; empty if nothing was, or if it cannot be read. */
  load(): readonly SeriesRecord[];
  /** Resolves when this record, or a newer one, is on disk. Never rejects; a problem is the store's to report. */
  save(record: readonly SeriesRecord[]): Promise<void>;
}
