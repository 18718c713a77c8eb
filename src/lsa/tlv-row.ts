/** One TLV: its number, its name in errors, pages and the looking glass, and what its value consists of. */
export interface TlvRow {
  /** A number once used is never used again for something else. */
  readonly type: number;
  readonly name: string;
  /** The whole value is this. */
  readonly whole?: 'text' | 'hex';
  readonly parts?: readonly Part[];
  /** Behind the parts, as often as there is room. */
  readonly repeated?: readonly Part[];
}

export type TlvRows = Readonly<Record<string, TlvRow>>;

/** A field of the value, in the order of its bytes. */
export type Part = { readonly name: string } & (
  | ({ readonly is: 'number'; readonly bytes: 1 | 2 | 4 } & Meaning)
  | { readonly is: 'address' | 'router' }
  /** A length in one byte, and so many bytes of text. */
  | { readonly is: 'counted text' }
  /** All that is left. */
  | { readonly is: 'text' }
  | { readonly is: 'bytes' | 'wide number'; readonly bytes: number }
);

/** What is said beside a number. */
export interface Meaning {
  /** By word: its number. */
  readonly words?: Readonly<Record<string, number>>;
  /** The names of its bits, lowest first. */
  readonly flags?: readonly string[];
  /** What 0 means. */
  readonly zero?: string;
  readonly unit?: 'milliseconds' | 'time';
  /** It is written as hexadecimal digits. */
  readonly hex?: true;
  readonly note?: string;
}
