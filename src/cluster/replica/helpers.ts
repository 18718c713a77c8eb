import {
  cancelTimer,
  type Job,
  type RecalledHelper,
  type Replica,
  replicaTimer,
  setTimer,
  type Turn,
} from '../state/index.js';

/**
 * A `join` or `leave` that asks to be called again may do so for an hour (a mirror that is synchronised anew): it waits
 * beside, so that checks and all else go on. Returns whether the job was one.
 */
export function setAside(turn: Turn, replica: Replica, { primitive, peer, recall }: Job): boolean {
  if ((primitive !== 'join' && primitive !== 'leave') || peer === null) return false;
  replica.job = null;
  callLater(turn, replica, { primitive, peer, recall: recall + 1 }, turn.state.settings.recallDelayMs);
  return true;
}

/** The replica is activated, started, stopped or deactivated: what it was to be told is told anew where it matters. */
export function dropHelper(turn: Turn, replica: Replica): void {
  if (replica.helper === null) return;
  replica.helper = null;
  cancelTimer(turn, replicaTimer('helper', replica));
}

export function callLater(turn: Turn, replica: Replica, call: Omit<RecalledHelper, 'dueAtMs'>, delayMs: number): void {
  replica.helper = { ...call, dueAtMs: turn.nowMs + delayMs };
  setTimer(turn, replicaTimer('helper', replica), delayMs);
}
