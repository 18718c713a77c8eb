import type { RouterId, ServiceAnnouncement } from '../../model/index.js';
import { groupState, localMembers, type Placement } from '../group/index.js';
import {
  cancelTimer,
  happened,
  markServicesDirty,
  type NodeState,
  report,
  setTimer,
  type Turn,
} from '../state/index.js';
import { type KnownNode, nodeLabel } from '../view/index.js';

/** Longer than a lost flood, its retransmissions and the suspicion after it (11 s), and than it takes to call a node silent (14 s). */
export const IDLE_MS = 20_000;

/**
 * Whoever is elected says `starting` at once, however long the start then takes. A node that answers, but does not say so,
 * must not keep a service from everybody: it runs other rules, its process hangs in the kernel, or it is no daemon of ours.
 * A claim that it announces meanwhile is no act: whoever runs nothing has given his back. Called whenever the election of a
 * group was looked at.
 */
export function watchOwner(turn: Turn, name: string, placement: Placement): void {
  const group = groupState(turn.state, name);
  const idle = idleOwner(turn.state, name, placement);
  if (idle === group.idleOwner) return;
  if (group.idleOwner !== null) cancelTimer(turn, { kind: 'idle', group: name, node: group.idleOwner });
  group.idleOwner = idle;
  if (idle !== null) setTimer(turn, { kind: 'idle', group: name, node: idle }, IDLE_MS);
}

/** It had its time: for this group it does not count until it acts, or begins anew. */
export function idleTimeEnded(turn: Turn, name: string, id: RouterId): void {
  const { state } = turn;
  const group = state.groups.get(name);
  const node = state.view.nodes.get(id);
  if (group?.idleOwner !== id || node === undefined) return;
  group.idleOwner = null;
  node.passedOver.add(name);
  const text = `elected for the group ${name}, but did not begin to start it in ${IDLE_MS / 1000} s: it is passed over until it does`;
  report(turn, 'warn', null, `node ${nodeLabel(node)}: ${text}`);
  happened(turn, 'member', text, { node: id });
  markServicesDirty(turn, node);
}

/** It says something else than `stopped`: it acts, or is no candidate anyway. */
export function hasActed(turn: Turn, node: KnownNode, { definition, runState }: ServiceAnnouncement): void {
  if (runState === 'stopped') return;
  if (node.passedOver.delete(definition.group)) markServicesDirty(turn, node);
}

/** Another life of it, or it was gone. */
export function forgetIdleness(turn: Turn, node: KnownNode): void {
  if (node.passedOver.size === 0) return;
  node.passedOver.clear();
  markServicesDirty(turn, node);
}

/** Only of a group that has members here: otherwise it is no matter of this node. */
function idleOwner(state: NodeState, name: string, { facts, owner }: Placement): RouterId | null {
  if (owner === null || owner.id === state.self) return null;
  if (state.phase === 'isolated' || localMembers(state, name).length === 0) return null;
  const elected = facts.find(({ id }) => id === owner.id);
  const states = [...(elected?.replicas.values() ?? [])].map(({ runState }) => runState);
  return states.every((run) => run === 'stopped' || run === 'failed') ? owner.id : null;
}
