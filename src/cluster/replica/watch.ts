import { cancelTimer, emit, type Replica, replicaTimer, type Turn } from '../state/index.js';
import { contextOf } from './primitive-context.js';

/** A started service that is wanted here is watched, if its Makefile has a watch, except while it is restarted. */
export function keepWatch(turn: Turn, replica: Replica): void {
  const { watch, definition, job } = replica;
  if (!definition.watched) return endWatch(turn, replica);
  if (watch !== null || job?.primitive === 'restart') return;
  const run = turn.state.nextRun++;
  replica.watch = { state: 'running', run, sinceMs: turn.nowMs };
  const context = contextOf(turn, replica, { recall: 0, peer: null });
  emit(turn, { type: 'watch', service: definition.name, run, context });
}

/** `stop` and `restart` end the service, which would be a failure to its watch. */
export function endWatch(turn: Turn, replica: Replica): void {
  const { watch } = replica;
  replica.watch = null;
  if (watch?.state === 'running') emit(turn, { type: 'unwatch', service: replica.definition.name, run: watch.run });
  if (watch?.state === 'ended') cancelTimer(turn, replicaTimer('watch', replica));
}

/** In words; null: it waits for nothing. */
export function whatWatchWaitsFor({ watch }: Replica): string | null {
  return watch?.state === 'ended' ? `its next restart: its watch ended (${watch.reason})` : null;
}
