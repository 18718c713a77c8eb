import type { PrimitiveContext } from './effect.js';
import { groupState } from './members.js';
import { peerNames } from './peers.js';
import { formatRouterId } from './router-id.js';
import type { Job, Replica, Turn } from './state.js';

/** What a command is told in its environment. */
export function contextOf(
  turn: Turn,
  replica: Replica,
  { recall, peer }: Pick<Job, 'recall' | 'peer'>,
): PrimitiveContext {
  const { state } = turn;
  const { name, group } = replica.definition;
  const { failure } = replica;
  return {
    claim: groupState(state, group).claim,
    peers: peerNames(state, name),
    peer: peer === null ? null : formatRouterId(peer),
    failure: failure === null ? null : `${failure.code}: ${failure.reason}`,
    recall,
  };
}
