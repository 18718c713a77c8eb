import type { RouterId } from './router-id.js';
import type { Turn } from './state.js';
import { emit } from './turn.js';
import type { Observed } from './view.js';

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

/** Notes what has happened: on this node, unless another is named. Nothing that is decided depends on it. */
export function happened(
  turn: Turn,
  kind: HappeningKind,
  text: string,
  more: Partial<Omit<Happening, 'kind' | 'text'>> = {},
): void {
  const happening = { kind, node: turn.state.self, service: null, from: null, to: null, operator: null, ...more, text };
  emit(turn, { type: 'happened', happening });
}

/** What became of another node's replica, if that is news. `before`: the states it was known to have; null: none. */
export function replicaHappened(turn: Turn, observed: Observed, before: string | null): void {
  const after = statesOf(observed);
  // What the LSDB held when we connected has happened earlier.
  if (after === before || (before === null && !turn.state.synced)) return;
  const { announcement, origin } = observed;
  const { claim } = announcement;
  const failure = after === null ? null : announcement.failure;
  const why =
    failure !== null ? `${failure.code}: ${failure.reason}` : after === 'active/starting' ? `claim ${claim}` : '';
  happened(turn, failure === null ? 'state' : 'failure', transitionWords(before, after ?? 'withdrawn', why), {
    node: origin,
    service: announcement.definition.name,
    from: before,
    to: after,
  });
}

/** The states that another node's replica announces; null: it announces none. */
export function statesOf(observed: Observed | undefined): string | null {
  return observed === undefined || observed.presence === 'withdrawn'
    ? null
    : `active/${observed.announcement.runState}`;
}

export function transitionWords(before: string | null, after: string, why: string): string {
  const states = before === null ? after : `${before} -> ${after}`;
  return why === '' ? states : `${states}: ${why}`;
}
