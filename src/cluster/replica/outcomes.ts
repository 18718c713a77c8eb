import type { Failure, Primitive } from '../../model/index.js';
import type { FailureCode } from '../../tables/index.js';
import { reply } from '../answers/index.js';
import { beginResourceHold } from '../group/index.js';
import { happened, type PrimitiveOutcome, type Replica, report, startHasBegun, type Turn } from '../state/index.js';
import { beginChecks, checkEnded, restartEnded } from './checks.js';
import { beginWellness, noteFailure } from './failures.js';
import { announceRoute } from './handover.js';
import { endCall, endedEarly } from './jobs.js';
import { peerTold } from './peers.js';
import { beginStopping, withdrawRefused } from './stopping.js';
import { transition } from './transition.js';
import { beginVerifying, verifyingCheckEnded } from './verifying.js';

/** A call of a primitive has ended: what that means for the replica. */
export function primitiveEnded(
  turn: Turn,
  replica: Replica,
  event: {
    readonly primitive: Primitive;
    readonly run: number;
    readonly outcome: PrimitiveOutcome;
    readonly unixSeconds: number;
  },
): void {
  const requests = replica.job?.requests ?? [];
  const peer = replica.job?.peer ?? null;
  const outcome = endCall(turn, replica, event.run, event.outcome);
  if (outcome === undefined) return;
  replica.job = null;
  answerRequests(turn, replica, event.primitive, requests, outcome);
  switch (event.primitive) {
    case 'activate':
      return activateEnded(turn, replica, outcome);
    case 'start':
      return startEnded(turn, replica, outcome);
    case 'stop':
      return stopEnded(replica, outcome);
    case 'deactivate':
      return deactivateEnded(turn, replica, outcome);
    case 'check':
      if (replica.verifying === null) return checkEnded(turn, replica, outcome, event.unixSeconds);
      if (verifyingCheckEnded(turn, replica, outcome)) isStarted(turn, replica);
      return;
    case 'restart':
      return restartEnded(turn, replica, outcome);
    case 'join':
    case 'leave':
      if (peer !== null && outcome.result !== 'killed') peerTold(replica, event.primitive, peer);
      return noteFailedHelper(turn, replica, event.primitive, outcome);
    case 'reload':
    case 'failed':
    case 'status':
      return noteFailedHelper(turn, replica, event.primitive, outcome);
  }
}

/** The alias could not be put up, or is lost: the service cannot be reached here. */
export function aliasFailed(turn: Turn, replica: Replica, code: 'alias-failed' | 'alias-lost', reason: string): void {
  if (code === 'alias-failed') replica.alias = 'down';
  if (replica.run !== 'starting' && replica.run !== 'started') return;
  replica.failing = { code, reason };
  if (code === 'alias-lost') happened(turn, 'lease', reason, { service: replica.definition.name });
  // The manager of aliases took back what it had put up; `stop` need not run for a start that never began.
  const began = replica.run === 'started' || startHasBegun(replica);
  beginStopping(turn, replica, reason);
  if (!began) replica.stopEnded = true;
}

/**
 * ospfd will never take this announcement, so the others cannot know what this replica does: it must not do anything. What
 * runs is stopped first; until then the others have what was announced last, for a withdrawal says that nothing runs.
 */
export function injectionRefused(turn: Turn, replica: Replica, reason: string): void {
  if (replica.config !== 'injected' && replica.config !== 'active') return;
  replica.refused = true;
  const failure = { code: 'injection-refused', reason } as const;
  const begun = replica.run === 'started' || replica.alias !== 'down' || startHasBegun(replica);
  if (replica.run === 'failed') {
    report(turn, 'error', replica.definition.name, `its failure cannot be announced: ${reason}`);
  } else if (replica.run === 'stopping') {
    replica.failing ??= failure;
  } else if (begun) {
    replica.failing = failure;
    beginStopping(turn, replica, `injection-refused: ${reason}`);
  } else {
    replica.failure = failure;
    transition(turn, replica, 'failed', 'stopped', `injection-refused: ${reason}`);
  }
  withdrawRefused(turn, replica);
}

function activateEnded(turn: Turn, replica: Replica, outcome: PrimitiveOutcome): void {
  const failure = failureOf('activate', outcome);
  if (replica.refused) {
    // The others cannot know that it is active: that failure stays.
    replica.recovering = false;
    return;
  }
  if (replica.recovering) {
    if (failure === null) {
      replica.recovering = false;
      transition(turn, replica, 'active', 'stopped', 'activated, after what an earlier life may have left was stopped');
      beginResourceHold(turn, replica);
    } else {
      replica.failure = failure;
      transition(turn, replica, 'active', 'failed', failure.reason);
      noteFailure(turn, replica);
    }
  } else if (failure === null) {
    transition(turn, replica, 'injected', 'stopped');
    beginResourceHold(turn, replica);
  } else {
    replica.failure = failure;
    transition(turn, replica, 'failed', 'stopped', failure.reason);
    noteFailure(turn, replica);
  }
}

function startEnded(turn: Turn, replica: Replica, outcome: PrimitiveOutcome): void {
  if (replica.run !== 'starting') return;
  const failure = failureOf('start', outcome);
  if (failure === null && outcome.result === 'succeeded')
    return replica.definition.verify === true ? beginVerifying(turn, replica) : isStarted(turn, replica);
  replica.failing = failure;
  beginStopping(turn, replica, failure?.reason ?? 'start was ended');
}

function isStarted(turn: Turn, replica: Replica): void {
  transition(turn, replica, 'active', 'started');
  announceRoute(turn, replica);
  beginChecks(turn, replica);
  beginWellness(turn, replica);
}

function stopEnded(replica: Replica, outcome: PrimitiveOutcome): void {
  const failure = failureOf('stop', outcome);
  // What follows is the same as after a stop that went well: the alias goes in any case.
  if (failure !== null) replica.failing = failure;
  replica.stopEnded = true;
}

function deactivateEnded(turn: Turn, replica: Replica, outcome: PrimitiveOutcome): void {
  const failure = failureOf('deactivate', outcome);
  if (failure !== null) report(turn, 'error', replica.definition.name, `${failure.code}: ${failure.reason}`);
  transition(turn, replica, replica.definition.enabled ? 'inactive' : 'disabled', 'stopped', failure?.reason);
  replica.failure = failure;
}

function noteFailedHelper(turn: Turn, replica: Replica, primitive: Primitive, outcome: PrimitiveOutcome): void {
  if (outcome.result !== 'failed' && outcome.result !== 'timed-out') return;
  const text = `${primitive}: ${outcome.reason}`;
  report(turn, 'warn', replica.definition.name, text);
  happened(turn, 'failure', text, { service: replica.definition.name });
}

/** The failure that an unsuccessful primitive is; null if it succeeded, or was killed because the core wanted it. */
function failureOf(primitive: 'activate' | 'start' | 'stop' | 'deactivate', outcome: PrimitiveOutcome): Failure | null {
  switch (outcome.result) {
    case 'succeeded':
    case 'recall':
    case 'killed':
      return null;
    case 'failed':
      return { code: `${primitive}-failed` satisfies FailureCode, reason: outcome.reason };
    case 'timed-out':
      return { code: `${primitive}-timed-out` satisfies FailureCode, reason: outcome.reason };
  }
}

function answerRequests(
  turn: Turn,
  replica: Replica,
  primitive: Primitive,
  requests: readonly string[],
  outcome: PrimitiveOutcome,
): void {
  for (const request of requests) {
    switch (outcome.result) {
      case 'succeeded':
        reply(turn, request, true, outcome.output);
        break;
      case 'failed':
      case 'timed-out':
        reply(turn, request, false, `${outcome.reason}\n${outcome.output}`.trim());
        break;
      case 'recall':
      case 'killed':
        reply(turn, request, false, endedEarly(replica, primitive));
        break;
    }
  }
}
