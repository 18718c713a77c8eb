import type { Primitive, RouterId } from '../../model/index.js';
import { reply } from '../answers/index.js';
import {
  cancelTimer,
  emit,
  type Job,
  type PrimitiveOutcome,
  type Replica,
  replicaTimer,
  setTimer,
  type Turn,
} from '../state/index.js';
import { dropHelper, setAside } from './helpers.js';
import { allPeersTold } from './peers.js';
import { contextOf } from './primitive-context.js';
import { mayTakeLong, mayTakeLongWords, refuseRequests } from './requests.js';

/** What the last check of a verified start has at least, however late the machine begins it. */
const LEAST_VERIFYING_MS = 1_000;

/** Calls a primitive of a replica that has no job. Its end comes as `primitive-ended`. */
export function startJob(
  turn: Turn,
  replica: Replica,
  primitive: Primitive,
  requests: readonly string[] = [],
  peer: RouterId | null = null,
): void {
  beginJob(turn, replica, {
    primitive,
    run: 0,
    recall: 0,
    killed: false,
    deadlineMs: deadlineOf(turn, replica, primitive),
    requests: [...requests],
    peer,
  });
}

export function beginJob(turn: Turn, replica: Replica, job: Job): void {
  replica.job = job;
  if (changesState(job.primitive)) dropHelper(turn, replica);
  if (job.primitive === 'activate' || job.primitive === 'start') allPeersTold(turn.state, replica);
  callJob(turn, replica);
}

/** Calls the job's primitive, for the first time or again after a recall. */
export function callJob(turn: Turn, replica: Replica): void {
  const { job } = replica;
  if (job === null) return;
  job.run = turn.state.nextRun++;
  emit(turn, {
    type: 'run',
    service: replica.definition.name,
    primitive: job.primitive,
    run: job.run,
    timeoutMs: callLimit(turn, replica, job.primitive, job.deadlineMs),
    ...(replica.verifying === null ? {} : { urgent: true as const }),
    context: contextOf(turn, replica, job),
  });
}

/** Ends a running job early; one that waits for its recall delay just ends. Returns whether it is over already. */
export function killJob(turn: Turn, replica: Replica): boolean {
  const { job } = replica;
  if (job === null) return true;
  if (job.run === 0) {
    cancelTimer(turn, replicaTimer('recall', replica));
    replica.job = null;
    for (const request of job.requests) reply(turn, request, false, endedEarly(replica, job.primitive));
    return true;
  }
  if (!job.killed) {
    job.killed = true;
    emit(turn, { type: 'kill', service: replica.definition.name, run: job.run });
  }
  return false;
}

/**
 * Takes the end of a call. Returns the outcome of the whole job, or undefined while it goes on: a recalled primitive is
 * called again after the recall delay, unless its time is over.
 */
export function endCall(
  turn: Turn,
  replica: Replica,
  run: number,
  outcome: PrimitiveOutcome,
): PrimitiveOutcome | undefined {
  const { job } = replica;
  if (job === null || job.run !== run) return undefined;
  if (outcome.result === 'recall' && !job.killed) {
    const { recallDelayMs } = turn.state.settings;
    if (setAside(turn, replica, job)) return undefined;
    if (job.deadlineMs === null || turn.nowMs + recallDelayMs < job.deadlineMs) {
      job.run = 0;
      job.recall += 1;
      setTimer(turn, replicaTimer('recall', replica), recallDelayMs);
      if (mayTakeLong(job)) refuseRequests(turn, replica, mayTakeLongWords(replica, job));
      return undefined;
    }
    const reason = `${job.primitive} still asked to be called again when its time was over`;
    return { result: 'timed-out', reason, output: outcome.output };
  }
  return job.killed ? { result: 'killed' } : outcome;
}

/** The answer to those who waited for a primitive that was killed. */
export function endedEarly(replica: Replica, primitive: Primitive): string {
  return `${primitive} was ended: ${replica.definition.name} had to start or stop`;
}

function deadlineOf({ nowMs }: Turn, replica: Replica, primitive: Primitive): number | null {
  const limitMs = limitTogether(replica, primitive);
  if (limitMs === null) return null;
  const { verifying } = replica;
  if (verifying === null || primitive !== 'check') return nowMs + limitMs;
  return nowMs + Math.min(limitMs, Math.max(verifying.untilMs - nowMs, LEAST_VERIFYING_MS));
}

/**
 * All calls of a primitive together have the time of one, or what asks to be called again for ever would keep a failure
 * from being noticed. `activate` and `start` may wait for something as long as it takes: that is seen, and ends when
 * somebody wants it to. `join` and `leave` hold nothing up.
 */
function limitTogether({ definition }: Replica, primitive: Primitive): number | null {
  switch (primitive) {
    case 'activate':
    case 'start':
    case 'join':
    case 'leave':
      return null;
    case 'check':
      return definition.check.timeoutMs;
    default:
      return definition.timeoutsMs[primitive];
  }
}

function changesState(primitive: Primitive): boolean {
  return primitive === 'activate' || primitive === 'start' || primitive === 'stop' || primitive === 'deactivate';
}

function callLimit(turn: Turn, replica: Replica, primitive: Primitive, deadlineMs: number | null): number {
  const { check, timeoutsMs } = replica.definition;
  const own = primitive === 'check' ? check.timeoutMs : timeoutsMs[primitive];
  return deadlineMs === null ? own : Math.max(1, Math.min(own, deadlineMs - turn.nowMs));
}
