import type { ServiceDefinition } from '../../model/index.js';
import type { FailureCode } from '../../tables/index.js';
import { refreshReplica } from '../announcing/index.js';
import { isRestarting } from '../group/index.js';
import {
  type Health,
  happened,
  type PrimitiveOutcome,
  type Replica,
  replicaTimer,
  report,
  setTimer,
  type Turn,
} from '../state/index.js';
import { startJob } from './jobs.js';
import { beginRestart } from './restart.js';
import { beginStopping } from './stopping.js';

/** Multiples of the golden ratio lie far apart within an interval, also those of names that differ in a digit (Knuth, 6.4). */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** After this many good checks in a row, earlier recoveries are forgotten. */
const WELL_AFTER_CHECKS = 10;

export function newHealth(): Health {
  return { due: false, failures: 0, restarts: 0, successes: 0, stamp: 0, floodedAtMs: 0 };
}

/** A service has been started: it is checked at intervals from now on. */
export function beginChecks(turn: Turn, replica: Replica): void {
  const { health } = replica;
  health.due = false;
  health.failures = 0;
  health.restarts = 0;
  health.successes = 0;
  planCheck(turn, replica, firstCheckMs(replica.definition));
}

/**
 * Services that are started together, as hundreds are in a failover, are not checked together: what the daemon does itself
 * is spread over an interval by their names, from half of it on. Calls of make are spread by how long the starts take.
 */
function firstCheckMs({ name, check }: ServiceDefinition): number {
  if (check.native === undefined) return check.intervalMs;
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2 ** 32;
  return Math.round(check.intervalMs * (0.5 + ((hash * GOLDEN_RATIO) % 1)));
}

/** The interval is over. While another primitive runs one check waits for its end: checks never pile up. */
export function checkDue(replica: Replica): void {
  // A restart is followed by a check at once.
  const isChecked = (replica.run === 'started' && !isRestarting(replica)) || replica.verifying !== null;
  if (isChecked) replica.health.due = true;
}

/** Checks a replica that has no job. Returns whether that was due. */
export function runDueCheck(turn: Turn, replica: Replica): boolean {
  if (!replica.health.due) return false;
  startJob(turn, replica, 'check');
  return true;
}

/** `fall` failures in a row lead to `restart`, up to `maxRestarts` times; then this node gives the service up. */
export function checkEnded(turn: Turn, replica: Replica, outcome: PrimitiveOutcome, unixSeconds: number): void {
  if (replica.run !== 'started') return;
  const { check } = replica.definition;
  const { health } = replica;
  health.due = false;
  if (outcome.result !== 'failed' && outcome.result !== 'timed-out') {
    if (outcome.result === 'succeeded') stampCheck(turn, replica, unixSeconds);
    return planCheck(turn, replica, check.intervalMs);
  }
  health.failures += 1;
  health.successes = 0;
  const text = `check ${health.failures} of ${check.fall} failed: ${outcome.reason}`;
  report(turn, 'warn', replica.definition.name, text);
  happened(turn, 'failure', text, { service: replica.definition.name });
  if (health.failures < check.fall) return planCheck(turn, replica, check.intervalMs);
  recover(turn, replica, outcome.result === 'failed' ? 'check-failed' : 'check-timed-out', outcome.reason);
}

/** The service has failed here: local recovery, or, when that is used up, the end of it on this node. */
export function recover(turn: Turn, replica: Replica, code: FailureCode, reason: string): void {
  if (!hasRestartsLeft(replica)) return giveUp(turn, replica, code, reason);
  const { health } = replica;
  health.restarts += 1;
  const attempt = `restart ${health.restarts} of ${replica.definition.check.maxRestarts}`;
  report(turn, 'warn', replica.definition.name, attempt);
  happened(turn, 'failure', attempt, { service: replica.definition.name });
  beginRestart(replica);
}

export function hasRestartsLeft({ definition, health }: Replica): boolean {
  return health.restarts < definition.check.maxRestarts;
}

/** After a restart the service is checked at once, and one more failure is enough. */
export function restartEnded(turn: Turn, replica: Replica, outcome: PrimitiveOutcome): void {
  if (replica.run !== 'started') return;
  if (outcome.result === 'failed' || outcome.result === 'timed-out') {
    return giveUp(turn, replica, 'restart-failed', outcome.reason);
  }
  replica.health.failures = Math.max(0, replica.definition.check.fall - 1);
  planCheck(turn, replica, 0);
}

function giveUp(turn: Turn, replica: Replica, code: FailureCode, reason: string): void {
  replica.failing = { code, reason };
  beginStopping(turn, replica, `${code}: ${reason}`);
}

/** The stamp is for people: it is flooded in place, and not more often than `stampRefresh`. */
function stampCheck(turn: Turn, replica: Replica, unixSeconds: number): void {
  const { health } = replica;
  health.failures = 0;
  health.successes += 1;
  if (health.successes >= WELL_AFTER_CHECKS) health.restarts = 0;
  // A clock may be anywhere; the stamp has 32 bits.
  health.stamp = Math.min(Math.max(0, unixSeconds), 2 ** 32 - 1);
  if (turn.nowMs - health.floodedAtMs < turn.state.settings.stampRefreshMs) return;
  health.floodedAtMs = turn.nowMs;
  refreshReplica(turn, replica);
}

function planCheck(turn: Turn, replica: Replica, delayMs: number): void {
  if (replica.definition.check.intervalMs <= 0) return;
  setTimer(turn, replicaTimer('check', replica), delayMs);
}
