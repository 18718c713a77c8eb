/** Something that reads what others wrote. */
export interface Target {
  readonly name: string;
  /** How much of the work it gets, beside the others. */
  readonly share: number;
  /** What really comes, to begin with. */
  readonly seeds: readonly Uint8Array[];
  /** Words of the format: where the bytes are text, they are put between. */
  readonly words?: readonly string[];
  /** Makes lengths and checksums right again, so that what lies behind them is reached. */
  readonly repair?: (bytes: Uint8Array) => Uint8Array;
  /**
   * Reads the bytes. Returns in a word what came of it: bytes that had a new outcome are mutated further. Throws what must not
   * happen.
   */
  readonly read: (bytes: Uint8Array) => string;
}

/** A promise about what is read is broken. */
export class Broken extends Error {}

/** Errors that the language throws are faults of ours; those that we throw say what was expected. */
export function refusal(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  const isOurs = error.constructor === Error || (error instanceof RangeError && error.message.startsWith('expected'));
  if (!isOurs && error.name !== 'VtyRefusal') throw error;
  return shape(error.message);
}

/** The sentence without its numbers and quotations. */
export function shape(sentence: string): string {
  return sentence.replaceAll(/[0-9]+/g, '0').slice(0, 24);
}
