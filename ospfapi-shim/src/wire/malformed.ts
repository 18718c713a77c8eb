/** Stands in the place of something whose bytes make no sense. */
export interface Malformed {
  readonly kind: 'malformed';
  /** What it was meant to be, such as `LSA update` or `Router LSA`. */
  readonly what: string;
  /** What was expected and what was got. */
  readonly reason: string;
}

export function malformed(what: string, reason: string): Malformed {
  return { kind: 'malformed', what, reason };
}
