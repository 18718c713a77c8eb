import type { RouterId } from './router-id.js';

export const HAPPENING_KINDS = ['state', 'command', 'failure', 'member', 'lease', 'node', 'configuration'] as const;

/**
 * What a happening is about: a replica's states; an operator's command; something that failed; a node that comes, goes
 * or falls silent; a lost lease; this node as a whole; the definitions.
 */
export type HappeningKind = (typeof HAPPENING_KINDS)[number];

/** Something that people want to read of later: it goes into the list of events (docs/events.md). */
export interface Happening {
  readonly kind: HappeningKind;
  /** Where it happened; null: here, before ospfd has told our router ID. */
  readonly node: RouterId | null;
  readonly service: string | null;
  /** States such as `active/started`, or what became of a node; null where nothing went over into something else. */
  readonly from: string | null;
  readonly to: string | null;
  /** Who wanted it; null: nobody did. */
  readonly operator: string | null;
  /** One sentence, which does not repeat service and node. */
  readonly text: string;
}

export function transitionWords(before: string | null, after: string, why: string): string {
  const states = before === null ? after : `${before} -> ${after}`;
  return why === '' ? states : `${states}: ${why}`;
}
