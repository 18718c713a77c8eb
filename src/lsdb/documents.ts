import type { Field } from './field.js';
import type { TopologyDocument } from './topology-document.js';

/** One LSA in a list. Addresses are dotted quads. */
export interface LsaSummary {
  readonly id: string;
  readonly type: number;
  readonly typeName: string;
  /** Of types 9 to 11, else null. */
  readonly opaqueType: number | null;
  readonly linkStateId: string;
  readonly advertisingRouter: string;
  /** null: AS scope. */
  readonly area: string | null;
  /** Our address on the link of a type 9 LSA, else null. */
  readonly link: string | null;
  /** ospfd here originated it. */
  readonly own: boolean;
  /** Whole seconds, at `generatedAt`: what it had when it was received, and the time since. At most 3600. */
  readonly age: number;
  /** Eight hexadecimal digits after `0x`. */
  readonly sequence: string;
  readonly checksum: string;
  /** In bytes, with the header. */
  readonly length: number;
  /** What it says, in one sentence. */
  readonly words: string;
}

export interface LsdbDocument {
  /** ISO 8601, by this node's clock. */
  readonly generatedAt: string;
  /** null: there is no session with ospfd, and the list is empty. */
  readonly routerId: string | null;
  /** What the list may lack, in sentences. */
  readonly notes: readonly string[];
  readonly lsas: readonly LsaSummary[];
}

export interface LsaDocument extends LsaSummary {
  readonly generatedAt: string;
  /** Each byte of `raw` belongs to exactly one field without parts. */
  readonly fields: readonly Field[];
  /** Header and body, hexadecimal, as received. */
  readonly raw: string;
}

/** What changed since the last one. */
export interface LsdbChange {
  readonly generatedAt: string;
  readonly routerId: string | null;
  /** As in LsdbDocument. */
  readonly notes: readonly string[];
  /** Forget what you had: `upserted`, and what follows, is everything. */
  readonly reset: boolean;
  readonly upserted: readonly LsaSummary[];
  /** Their names (`id`). */
  readonly removed: readonly string[];
}

/** What the looking glass shows. */
export interface LsdbView {
  /** The whole LSDB, a part at a time, so that a long one does not keep the daemon from its work. */
  list(): AsyncIterable<LsdbPart>;
  /** undefined: this node has no such LSA. */
  find(id: string): LsaDocument | undefined;
  topology(): Promise<TopologyDocument>;
  /**
   * Tells all, then what changes, at most every 100 ms, until the function that it returns is called. While `isBusy` it
   * waits; nothing piles up meanwhile.
   */
  subscribe(listener: (change: LsdbChange) => void, isBusy?: () => boolean): () => void;
}

export interface LsdbPart {
  readonly head: Omit<LsdbDocument, 'lsas'>;
  readonly lsas: readonly LsaSummary[];
}
