import type { RouterId } from '../../model/index.js';
import { type RecalledHelper, type Replica, replicaTimer, setTimer, type Turn } from '../state/index.js';
import { callLater } from './helpers.js';
import { beginJob, startJob } from './jobs.js';
import { currentPeers } from './peers.js';

/** Nobody is told in the moment of a failover: the machine has more urgent things to start. */
export const SETTLE_MS = 200;

/**
 * Calls `join` or `leave` for one node that the replica has not been told about. `start` is told all peers at once
 * (SRRD_PEERS), so what follows are changes. A call that was killed counts as not made. Returns whether there was one.
 */
export function tellPeers(turn: Turn, replica: Replica): boolean {
  if (replica.helper !== null) return resumeHelper(turn, replica, replica.helper);
  const change = nextChange(turn, replica);
  if (change === null) {
    replica.peersAtMs = null;
    return false;
  }
  if (replica.peersAtMs === null) {
    replica.peersAtMs = turn.nowMs + SETTLE_MS;
    setTimer(turn, replicaTimer('peers', replica), SETTLE_MS);
  }
  if (turn.nowMs < replica.peersAtMs) return false;
  startJob(turn, replica, change.primitive, [], change.peer);
  return true;
}

function nextChange(turn: Turn, replica: Replica): { primitive: 'join' | 'leave'; peer: RouterId } | null {
  const now = currentPeers(turn.state, replica.definition.name);
  for (const peer of now) if (!replica.peersTold.has(peer)) return { primitive: 'join', peer };
  for (const peer of replica.peersTold) if (!now.has(peer)) return { primitive: 'leave', peer };
  return null;
}

/**
 * Calls again what was set aside, when it is time. Where the node that it waits for has gone again, or come back, the opposite
 * follows, for it had begun; nobody else is told before. Returns whether something changed.
 */
function resumeHelper(turn: Turn, replica: Replica, helper: RecalledHelper): boolean {
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
