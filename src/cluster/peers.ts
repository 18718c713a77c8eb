import { resumeHelper } from './helpers.js';
import { startJob } from './jobs.js';
import { formatRouterId, type RouterId } from './router-id.js';
import type { NodeState, Replica, Turn } from './state.js';
import { emit } from './turn.js';
import { reachableReplicas } from './view.js';

/** Nobody is told in the moment of a failover: the machine has more urgent things to start. */
export const SETTLE_MS = 200;

/** The other nodes where the service is active now: what `SRRD_PEERS` names, and `join` and `leave` are about. */
export function currentPeers(state: NodeState, service: string): Set<RouterId> {
  const peers = new Set<RouterId>();
  for (const { origin } of reachableReplicas(state.view, service)) {
    if (state.view.nodes.get(origin)?.silent !== true) peers.add(origin);
  }
  return peers;
}

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
    emit(turn, { type: 'set-timer', timer: `peers ${replica.definition.name}`, delayMs: SETTLE_MS });
  }
  if (turn.nowMs < replica.peersAtMs) return false;
  startJob(turn, replica, change.primitive, [], change.peer);
  return true;
}

/** The call has ended by itself: the replica knows. */
export function peerTold(replica: Replica, primitive: 'join' | 'leave', peer: RouterId): void {
  if (primitive === 'join') replica.peersTold.add(peer);
  else replica.peersTold.delete(peer);
}

/** `activate` and `start` see all peers in their environment. */
export function allPeersTold(state: NodeState, replica: Replica): void {
  replica.peersTold.clear();
  for (const peer of currentPeers(state, replica.definition.name)) replica.peersTold.add(peer);
}

export function peerNames(state: NodeState, service: string): string[] {
  return [...currentPeers(state, service)].sort((a, b) => a - b).map(formatRouterId);
}

function nextChange(turn: Turn, replica: Replica): { primitive: 'join' | 'leave'; peer: RouterId } | null {
  const now = currentPeers(turn.state, replica.definition.name);
  for (const peer of now) if (!replica.peersTold.has(peer)) return { primitive: 'join', peer };
  for (const peer of replica.peersTold) if (!now.has(peer)) return { primitive: 'leave', peer };
  return null;
}
