import type { RouterId, SharedDefinition } from '../../model/index.js';
import { type NodeFacts, usableMembers } from '../election/index.js';
import { assentOwedBy, gateClosers } from '../exclusion/index.js';
import { localMembers, type Placement } from '../group/index.js';
import {
  cancelTimer,
  happened,
  markServicesDirty,
  type NodeState,
  type Replica,
  report,
  setTimer,
  type Turn,
} from '../state/index.js';
import { type KnownNode, nodeLabel } from '../view/index.js';

/** A node that is awaited and has announced nothing for this long is asked. */
const QUIET_MS = 3_000;
/** No answer within two retransmissions of OSPF (5 s each): it is silent. */
const ANSWER_MS = 11_000;

/** Finds out for whom a group is waiting, and lets those be asked that stay quiet. */
export function awaitNodes(turn: Turn, group: string, placement: Placement): void {
  const { state } = turn;
  const awaited = state.phase === 'isolated' ? new Set<RouterId>() : awaitedNodes(state, group, placement);
  for (const id of awaited) {
    const node = state.view.nodes.get(id);
    if (node === undefined || node.awaitedBy.has(group)) continue;
    node.awaitedBy.add(group);
    if (node.awaitedBy.size === 1 && !node.silent) waitForWord(turn, node);
  }
  for (const node of state.view.nodes.values()) {
    if (node.awaitedBy.has(group) && !awaited.has(node.id)) endWaiting(turn, node, group);
  }
}

/** Anything new from a node shows that its daemon is alive. */
export function nodeHeard(turn: Turn, node: KnownNode): void {
  node.heardAtMs = turn.nowMs;
  if (node.probed) {
    node.probed = false;
    turn.daemonDirty = true;
    cancelTimer(turn, { kind: 'silent', node: node.id });
  }
  if (node.silent) {
    node.silent = false;
    report(turn, 'info', null, `node ${nodeLabel(node)} is heard again`);
    happened(turn, 'member', 'its daemon is heard again', { node: node.id, from: 'silent' });
    markServicesDirty(turn, node);
  }
  if (node.awaitedBy.size > 0 && node.reachable) waitForWord(turn, node);
}

/** Nobody has heard of it for a while: its router ID goes on our ask list. */
export function quietTimeEnded(turn: Turn, id: RouterId): void {
  const node = turn.state.view.nodes.get(id);
  if (node === undefined || node.awaitedBy.size === 0 || !node.reachable || node.probed || node.silent) return;
  node.probed = true;
  // Also where it is on the list already, because it is unconfirmed: it has not answered that.
  turn.daemonAsked = true;
  setTimer(turn, { kind: 'silent', node: id }, ANSWER_MS);
}

/** It did not answer. It counts for nothing until it announces something. */
export function answerTimeEnded(turn: Turn, id: RouterId): void {
  const node = turn.state.view.nodes.get(id);
  if (node === undefined || !node.probed) return;
  node.probed = false;
  node.silent = true;
  turn.daemonDirty = true;
  report(turn, 'warn', null, `node ${nodeLabel(node)} is silent: it is reachable, but its daemon does not answer`);
  const text = 'the node is reachable, but its daemon does not answer';
  happened(turn, 'member', text, { node: node.id, to: 'silent' });
  markServicesDirty(turn, node);
}

/** It can be reached again, and a group waits for it still: the time for its word had passed while it could not. */
export function awaitReturned(turn: Turn, node: KnownNode): void {
  if (node.awaitedBy.size > 0) waitForWord(turn, node);
}

/** A node that cannot be reached is not awaited: its replicas do not count anyway. */
export function forgetSilence(turn: Turn, node: KnownNode): void {
  if (node.probed) cancelTimer(turn, { kind: 'silent', node: node.id });
  node.probed = false;
  node.silent = false;
}

/** Elected and not acting; or closing our gate, also where another node starts; or owing us its assent. */
function awaitedNodes(state: NodeState, group: string, placement: Placement): Set<RouterId> {
  const { facts, requirements, owner, wanted } = placement;
  const awaited = new Set<RouterId>();
  const elected = owner === null || owner.id === state.self ? undefined : facts.find(({ id }) => id === owner.id);
  if (elected !== undefined && !acts(elected, requirements.definitions)) awaited.add(elected.id);
  for (const replica of localMembers(state, group)) {
    for (const node of assentWithheldFor(state, replica, owner?.id ?? null)) awaited.add(node);
    const waits = replica.config === 'active' && (replica.run === 'starting' || replica.run === 'stopped');
    if (!waits || !wanted.has(replica.definition.name)) continue;
    for (const { node } of gateClosers(state, replica.definition.name)) awaited.add(node);
    if (replica.definition.kind !== 'resource') continue;
    for (const node of assentOwedBy(state, replica)) awaited.add(node);
  }
  return awaited;
}

/** Who keeps this node from agreeing to another one's start of a resource: nobody else finds out for it whether they live. */
function* assentWithheldFor(state: NodeState, replica: Replica, owner: RouterId | null): Generator<RouterId> {
  const { kind, name } = replica.definition;
  if (kind !== 'resource' || owner === null || owner === state.self) return;
  if (state.view.replicas.get(name)?.get(owner)?.announcement.runState !== 'starting') return;
  for (const { node } of gateClosers(state, name)) if (node !== owner) yield node;
}

function acts(elected: NodeFacts, definitions: ReadonlyMap<string, SharedDefinition>): boolean {
  const usable = usableMembers(elected, definitions);
  for (const service of usable) if (elected.replicas.get(service)?.runState !== 'started') return false;
  return true;
}

function waitForWord(turn: Turn, node: KnownNode): void {
  const delayMs = Math.max(0, node.heardAtMs + QUIET_MS - turn.nowMs);
  setTimer(turn, { kind: 'quiet', node: node.id }, delayMs);
}

/** What was asked stays asked: where another owner comes and goes, no wait would ever be long enough to tell. */
function endWaiting(turn: Turn, node: KnownNode, group: string): void {
  node.awaitedBy.delete(group);
  if (node.awaitedBy.size === 0) cancelTimer(turn, { kind: 'quiet', node: node.id });
}
