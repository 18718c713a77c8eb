import {
  happened,
  type PrimitiveOutcome,
  type Replica,
  replicaTimer,
  report,
  setTimer,
  type Turn,
} from '../state/index.js';
import { startJob } from './jobs.js';
import { beginStopping } from './stopping.js';

/** After a check that failed, ms: a service is mostly ready soon after its `start`. */
const VERIFY_AGAIN_MS = 200;

/** `start` has succeeded: a check says when the service is there. All its checks together have the time that `start` may take. */
export function beginVerifying(turn: Turn, replica: Replica): void {
  replica.verifying = { untilMs: turn.nowMs + replica.definition.timeoutsMs.start, reason: null };
  startJob(turn, replica, 'check');
}

/** Takes the end of a check of a replica that is verified. Returns whether it is well. */
export function verifyingCheckEnded(turn: Turn, replica: Replica, outcome: PrimitiveOutcome): boolean {
  const { health, verifying } = replica;
  if (replica.run !== 'starting' || verifying === null) return false;
  health.due = false;
  switch (outcome.result) {
    case 'succeeded':
      return true;
    case 'killed':
    case 'recall':
      health.due = true;
      return false;
    case 'failed':
    case 'timed-out':
      if (outcome.reason !== verifying.reason)
        report(turn, 'info', replica.definition.name, `not ready yet, and checked again: ${outcome.reason}`);
      verifying.reason = outcome.reason;
      if (turn.nowMs + VERIFY_AGAIN_MS < verifying.untilMs)
        setTimer(turn, replicaTimer('check', replica), VERIFY_AGAIN_MS);
      else neverWell(turn, replica, outcome.reason);
      return false;
  }
}

/** For people; null: it is not verified. */
export function whatVerifyingWaitsFor({ verifying }: Replica): string | null {
  if (verifying === null) return null;
  return `a check to succeed${verifying.reason === null ? '' : ` (the last: ${verifying.reason})`}`;
}

function neverWell(turn: Turn, replica: Replica, lastReason: string): void {
  const { name, timeoutsMs } = replica.definition;
  const reason = `no check succeeded within ${timeoutsMs.start / 1000} s after start: ${lastReason}`;
  report(turn, 'warn', name, reason);
  happened(turn, 'failure', reason, { service: name });
  replica.failing = { code: 'start-timed-out', reason };
  beginStopping(turn, replica, reason);
}
