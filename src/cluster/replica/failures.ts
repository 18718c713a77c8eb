import { cancelTimer, type Replica, replicaTimer, report, setTimer, type Turn } from '../state/index.js';

/** The failure timeout doubles with every failure in a row, up to this many times itself. */
const LONGEST = 16;

/** A service that has been well for this long has its earlier failures forgotten. */
export const WELL_AFTER_MS = 600_000;

/**
 * A replica has failed. With a failure timeout it may try again by itself later, each time twice as much later, so that
 * a service that cannot run anywhere does not wander from node to node for ever. stop-failed never ends by itself.
 */
export function noteFailure(turn: Turn, replica: Replica): void {
  const delayMs = retryDelayMs(replica);
  replica.failures += 1;
  if (delayMs === null) return;
  setTimer(turn, replicaTimer('retry', replica), delayMs);
  const count = replica.failures === 1 ? '' : ` (failure ${replica.failures} in a row)`;
  report(turn, 'info', replica.definition.name, `may try again in ${delayMs / 1000} s${count}`);
}

/** It is failed no longer: what fails next has a time of its own, or none. */
export function cancelRetry(turn: Turn, replica: Replica): void {
  cancelTimer(turn, replicaTimer('retry', replica));
}

/** An operator cleared it, or it has been well for long: the next failure is the first. */
export function forgetFailures(turn: Turn, replica: Replica): void {
  replica.failures = 0;
  cancelRetry(turn, replica);
}

export function beginWellness(turn: Turn, replica: Replica): void {
  if (replica.failures > 0) setTimer(turn, replicaTimer('well', replica), WELL_AFTER_MS);
}

function retryDelayMs(replica: Replica): number | null {
  const { failureTimeoutMs } = replica.definition;
  if (failureTimeoutMs === null || replica.persisted.stopFailed !== null) return null;
  return failureTimeoutMs * Math.min(LONGEST, 2 ** replica.failures);
}
