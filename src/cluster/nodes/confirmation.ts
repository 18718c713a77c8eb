import { compareSequence, type RouterId, type Sequence } from '../../model/index.js';
import { holderConfirmed } from '../exclusion/index.js';
import { isResourceSomewhere } from '../group/index.js';
import { cancelTimer, markReplicaDirty, type NodeState, setTimer, type Turn } from '../state/index.js';
import { hasHeardAll, type KnownNode, type Observed } from '../view/index.js';

/** Two retransmissions of OSPF, 5 s each: what was lost on its way has come by then. */
const SUSPICION_MS = 11_000;

/**
 * What is known of a node that becomes reachable may be old: it may have been restarted, or cut off, since it said that.
 * Returns whether anything is known of it, and is unconfirmed now.
 */
export function unconfirm(state: NodeState, node: KnownNode): boolean {
  node.spoken = false;
  let any = false;
  for (const observed of heldOf(state, node)) {
    observed.confirmed = false;
    any = true;
  }
  return any;
}

/**
 * The daemon has spoken: what is known of the node is confirmed, once all is there that it had said by then. Newer words
 * about a service may have been lost on their way, and the older ones must not count meanwhile.
 */
export function daemonSpoke(turn: Turn, node: KnownNode): void {
  turn.daemonDirty ||= node.unconfirmed;
  node.unconfirmed = false;
  const { state } = turn;
  // Of a node that has just come something may be missing altogether, of which older words are still on their way.
  const isKnown = node.spoken && !node.suspect && heldOf(state, node).every(({ confirmed }) => confirmed);
  node.spoken = true;
  if (isKnown || hasHeardAll(state.view, node)) return confirmNode(turn, node);
  if (node.suspect) return;
  node.suspect = true;
  setTimer(turn, { kind: 'suspicion', node: node.id }, SUSPICION_MS);
}

/** Something more of a suspect node was heard, or withdrawn. */
export function settleSuspicion(turn: Turn, node: KnownNode): void {
  if (node.suspect && hasHeardAll(turn.state.view, node)) confirmNode(turn, node);
}

/** What is still missing will not come any more: its daemon counts it, and OSPF does not bring it. */
export function suspicionEnded(turn: Turn, id: RouterId): void {
  const node = turn.state.view.nodes.get(id);
  if (node?.suspect) confirmNode(turn, node);
}

export function forgetSuspicion(turn: Turn, node: KnownNode): void {
  if (node.suspect) cancelTimer(turn, { kind: 'suspicion', node: node.id });
  node.suspect = false;
}

/** Whether a Service announcement that comes now may be out of date, though its node can be reached. */
export function mayBeOutOfDate(node: KnownNode, sequence: Sequence): boolean {
  return node.suspect && node.daemon !== null && compareSequence(sequence, node.daemon.sequence) < 0;
}

/**
 * What an earlier life of the daemon said is not confirmed; every replica that is still active is announced anew in the
 * new epoch, and may only be late.
 */
function confirmNode(turn: Turn, node: KnownNode): void {
  forgetSuspicion(turn, node);
  for (const observed of heldOf(turn.state, node)) {
    // A daemon speaks often. Of a service that was confirmed before nothing is new; of a resource its word may open a gate.
    const { name } = observed.announcement.definition;
    if (!observed.confirmed || isResourceSomewhere(turn.state, name)) markReplicaDirty(turn, observed);
    if (observed.announcement.sequence.epoch !== node.daemon?.sequence.epoch) continue;
    observed.confirmed = true;
    holderConfirmed(turn, node.id, observed.announcement);
  }
}

function heldOf(state: NodeState, node: KnownNode): Observed[] {
  const held: Observed[] = [];
  for (const service of node.services) {
    const observed = state.view.replicas.get(service)?.get(node.id);
    if (observed?.presence === 'held') held.push(observed);
  }
  return held;
}
