import { formatRouterId, type RouterId } from '../../model/index.js';
import type { NodeState, Replica } from '../state/index.js';
import { reachableReplicas } from '../view/index.js';

/** The other nodes where the service is active now: what `SRRD_PEERS` names, and `join` and `leave` are about. */
export function currentPeers(state: NodeState, service: string): Set<RouterId> {
  const peers = new Set<RouterId>();
  for (const { origin } of reachableReplicas(state.view, service)) {
    if (state.view.nodes.get(origin)?.silent !== true) peers.add(origin);
  }
  return peers;
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
