import type { SeriesRecord } from '../../src/flooding/generation-store.js';
import type { PersistedNode, PersistedService } from '../../src/model/index.js';
import type { Mark } from '../../src/trust/lives.js';

/** A daemon's state directory. */
export interface Disk {
  node: PersistedNode;
  readonly services: Map<string, PersistedService>;
  generations: readonly SeriesRecord[];
  /** Where proofs are required: which life of each node counts. */
  marks: readonly Mark[];
}

export function emptyDisk(): Disk {
  return {
    node: { epoch: 0, standby: false, issuers: [] },
    services: new Map(),
    generations: [],
    marks: [],
  };
}
