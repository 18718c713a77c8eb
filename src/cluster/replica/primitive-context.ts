import { formatRouterId } from '../../model/index.js';
import { groupState } from '../group/index.js';
import type { Job, PrimitiveContext, Replica, Turn } from '../state/index.js';
import { peerNames } from './peers.js';

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
