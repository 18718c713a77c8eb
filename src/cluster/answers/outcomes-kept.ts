import type { CommandOutcome, RouterId } from '../../model/index.js';
import { type KeptOutcome, type NodeState, setTimer, type Turn } from '../state/index.js';

/** How long the target of a command keeps its outcome in its Daemon LSA. */
const OUTCOME_KEPT_MS = 30_000;
/** As many as a Daemon LSA carries (docs/wire-format.md). */
export const MAX_OUTCOMES = 16;

/** What our Daemon LSA says of commands that ended; the newest last. */
export function currentOutcomes(state: NodeState): CommandOutcome[] {
  return state.remote.outcomes.map(({ outcome }) => outcome);
}

/** Tells the issuer. Of too many outcomes the oldest goes that belongs to whoever has most. */
export function keepOutcome(turn: Turn, outcome: CommandOutcome): void {
  const { outcomes } = turn.state.remote;
  if (outcomes.length === 0) setTimer(turn, { kind: 'outcomes' }, OUTCOME_KEPT_MS);
  outcomes.push({ outcome, untilMs: turn.nowMs + OUTCOME_KEPT_MS });
  if (outcomes.length > MAX_OUTCOMES) outcomes.splice(oldestOfMost(outcomes), 1);
  turn.daemonDirty = true;
}

export function outcomesExpired(turn: Turn): void {
  const { outcomes } = turn.state.remote;
  while (outcomes[0] !== undefined && outcomes[0].untilMs <= turn.nowMs) {
    outcomes.shift();
    turn.daemonDirty = true;
  }
  if (outcomes[0] !== undefined) setTimer(turn, { kind: 'outcomes' }, outcomes[0].untilMs - turn.nowMs);
}

function oldestOfMost(outcomes: readonly KeptOutcome[]): number {
  const counts = new Map<RouterId, number>();
  for (const { outcome } of outcomes) counts.set(outcome.issuer, (counts.get(outcome.issuer) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return outcomes.findIndex(({ outcome }) => counts.get(outcome.issuer) === most);
}
