import type { PersistedNode, PersistedService } from '../../src/model/index.js';
import type { Mark } from '../../src/trust/lives.js';
import type { GenerationRecord } from './transport.js';

/** A daemon's state directory. */
export interface Disk {
  node: PersistedNode;
  readonly services: Map<string, PersistedService>;
  readonly generations: GenerationRecord;
  /** Where proofs are required: which life of each node counts. */
  marks: readonly Mark[];
}

export function emptyDisk(): Disk {
  return {
    node: { epoch: 0, standby: false, issuers: [] },
    services: new Map(),
    generations: { numbers: new Map(), last: new Map() },
    marks: [],
  };
}
