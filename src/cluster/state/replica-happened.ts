import { transitionWords } from '../../model/index.js';
import type { Observed } from '../view/index.js';
import type { Turn } from './state.js';
import { happened } from './turn.js';

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
