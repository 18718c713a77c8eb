import { beginJob } from './jobs.js';
import { currentPeers, SETTLE_MS } from './peers.js';
import type { Job, RecalledHelper, Replica, Turn } from './state.js';
import { emit } from './turn.js';

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

/**
 * Calls again what was set aside, when it is time. Where the node that it waits for has gone again, or come back, the opposite
 * follows, for it had begun; nobody else is told before. Returns whether something changed.
 */
export function resumeHelper(turn: Turn, replica: Replica, helper: RecalledHelper): boolean {
  const { primitive, peer, recall } = helper;
  const due = currentPeers(turn.state, replica.definition.name).has(peer) ? 'join' : 'leave';
  if (due !== primitive) {
    callLater(turn, replica, { primitive: due, peer, recall: 0 }, SETTLE_MS);
    return true;
  }
  if (turn.nowMs < helper.dueAtMs) return false;
  replica.helper = null;
  beginJob(turn, replica, { primitive, peer, recall, run: 0, killed: false, deadlineMs: null, requests: [] });
  return true;
}

/** The replica is activated, started, stopped or deactivated: what it was to be told is told anew where it matters. */
export function dropHelper(turn: Turn, replica: Replica): void {
  if (replica.helper === null) return;
  replica.helper = null;
  emit(turn, { type: 'cancel-timer', timer: helperTimer(replica) });
}

function callLater(turn: Turn, replica: Replica, call: Omit<RecalledHelper, 'dueAtMs'>, delayMs: number): void {
  replica.helper = { ...call, dueAtMs: turn.nowMs + delayMs };
  emit(turn, { type: 'set-timer', timer: helperTimer(replica), delayMs });
}

function helperTimer(replica: Replica): string {
  return `helper ${replica.definition.name}`;
}
