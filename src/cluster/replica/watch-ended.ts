import { happened, type Replica, replicaTimer, report, setTimer, type Turn } from '../state/index.js';
import { hasRestartsLeft, recover } from './checks.js';
import { WELL_AFTER_MS } from './failures.js';

/**
 * The first restart after the end of a watch is at once; the next waits this long, and each after it twice as long, so
 * that a watch that ends whenever it begins does not keep the node busy.
 */
const AGAIN_FIRST_MS = 1_000;

const AGAIN_LONGEST_MS = 30_000;

/** The watch ended, and nobody had ended it: the service has failed, without waiting for the next check. */
export function watchEnded(turn: Turn, replica: Replica, run: number, reason: string): void {
  const { watch, health } = replica;
  if (watch?.state !== 'running' || watch.run !== run) return;
  replica.watch = null;
  if (replica.run !== 'started') return;
  if (turn.nowMs - watch.sinceMs >= WELL_AFTER_MS) health.restarts = 0;
  health.successes = 0;
  const delayMs =
    health.restarts === 0 || !hasRestartsLeft(replica)
      ? 0
      : Math.min(AGAIN_LONGEST_MS, AGAIN_FIRST_MS * 2 ** (health.restarts - 1));
  replica.watch = { state: 'ended', reason, recoverAtMs: turn.nowMs + delayMs };
  if (delayMs > 0) setTimer(turn, replicaTimer('watch', replica), delayMs);
  const wait = delayMs > 0 ? `; it is restarted in ${delayMs / 1000} s` : '';
  const text = `watch ended: ${reason}${wait}`;
  report(turn, 'warn', replica.definition.name, text);
  happened(turn, 'failure', text, { service: replica.definition.name });
}

/** Whether what runs for the replica has to make room for its recovery. */
export function recoveryIsDue(turn: Turn, { watch }: Replica): boolean {
  return watch?.state === 'ended' && turn.nowMs >= watch.recoverAtMs;
}

/** `restart`, up to `maxRestarts` times, then this node gives the service up: as after failed checks. */
export function recoverFromWatch(turn: Turn, replica: Replica): boolean {
  const { watch } = replica;
  if (watch?.state !== 'ended' || turn.nowMs < watch.recoverAtMs) return false;
  recover(turn, replica, 'watch-ended', watch.reason);
  return true;
}
