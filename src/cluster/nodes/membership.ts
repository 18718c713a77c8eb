import { formatRouterId, type RouterId, transitionWords } from '../../model/index.js';
import {
  holderReachable,
  holderUnreachable,
  restartTakeoverDelays,
  watchOwnRoutesAnew,
  watchRoutesOf,
} from '../exclusion/index.js';
import { delayPreemption, nodeArrived, RESOURCE_HOLD_MS } from '../group/index.js';
import {
  cancelTimer,
  happened,
  markServicesDirty,
  type NodeState,
  type Phase,
  report,
  setTimer,
  type TransportEvent,
  type Turn,
} from '../state/index.js';
import { type KnownNode, knownNode, nodeLabel } from '../view/index.js';
import { forgetSuspicion, unconfirm } from './confirmation.js';
import { forgetNode, noteGone, planSweep } from './forgetting.js';
import { forgetIdleness } from './idle-owner.js';
import { awaitReturned, forgetSilence } from './silence.js';

/** A session with ospfd has begun. What was known of the others is stale until it is heard again. */
export function sessionConnected(turn: Turn, self: RouterId): void {
  const { state } = turn;
  const isFirst = state.self === null;
  if (state.self !== null && state.self !== self) {
    report(turn, 'warn', null, `router ID changed from ${formatRouterId(state.self)} to ${formatRouterId(self)}`);
    // Whoever else used the old one does not use this one, as far as is known.
    state.duplicate = false;
    state.epochRaisedAtMs = [];
  }
  state.self = self;
  state.connected = true;
  state.synced = false;
  const ourselves = state.view.nodes.get(self);
  if (ourselves !== undefined) forgetNode(state, ourselves);
  for (const node of state.view.nodes.values()) makeStale(turn, node);
  state.routes.addresses.clear();
  state.routes.known = false;
  report(turn, 'info', null, `connected to ospfd; router ID ${formatRouterId(self)}`);
  if (isFirst) happened(turn, 'node', `srrd ${state.settings.softwareVersion} has begun`, { to: 'begun' });
  turn.daemonDirty = true;
}

export function sessionSynced(turn: Turn): void {
  turn.state.synced = true;
  settlePhase(turn);
}

export function sessionLost(turn: Turn, reason: string): void {
  const { state } = turn;
  if (!state.connected) return;
  state.connected = false;
  state.synced = false;
  state.fullNeighbours = 0;
  for (const replica of state.replicas.values()) replica.echoed = false;
  for (const node of state.view.nodes.values()) unreach(turn, node);
  report(turn, 'error', null, `connection to ospfd lost: ${reason}`);
  settlePhase(turn);
}

export function neighboursChanged(turn: Turn, full: number): void {
  const { state } = turn;
  if (full === state.fullNeighbours) return;
  report(turn, 'info', null, `full neighbours: ${full} (were ${state.fullNeighbours})`);
  // What it counted when it last spoke may never have gone out: newer words have replaced it meanwhile.
  if (state.fullNeighbours === 0) turn.daemonAsked = true;
  state.fullNeighbours = full;
  settlePhase(turn);
}

/**
 * Nodes that SPF reaches or reaches no longer. What is already known of a node that becomes reachable is unconfirmed
 * until something newer comes from it: it may have been restarted, or cut off, since it said that.
 */
export function reachabilityChanged(turn: Turn, event: TransportEvent & { type: 'reachability' }): void {
  const { state } = turn;
  for (const id of event.removed) {
    const node = state.view.nodes.get(id);
    if (node?.reachable !== true) continue;
    unreach(turn, node);
    if (!isClusterNode(node)) continue;
    report(turn, 'warn', null, `node ${nodeLabel(node)} is unreachable`);
    memberHappened(turn, node, 'unreachable', 'the node is unreachable');
  }
  for (const id of event.added) {
    if (id === state.self) continue;
    const node = knownNode(state.view, id);
    if (node.reachable) continue;
    node.reachable = true;
    node.reachableSinceMs = turn.nowMs;
    node.begunAnew = false;
    nodeArrived(turn, node);
    node.unconfirmed = unconfirm(state, node);
    holderReachable(turn, node);
    watchRoutesOf(turn, node);
    awaitReturned(turn, node);
    markServicesDirty(turn, node);
    turn.daemonDirty ||= node.unconfirmed;
    if (!isClusterNode(node)) continue;
    report(turn, 'info', null, `node ${nodeLabel(node)} is reachable`);
    memberHappened(turn, node, 'reachable', 'the node is reachable');
  }
}

/** The daemon was frozen longer than its leases: others may have taken over, so everything stops first. */
export function leaseOverrun(turn: Turn, lateMs: number): void {
  const { state } = turn;
  const text = `leases were renewed ${Math.round(lateMs)} ms too late: stopping everything, then joining anew`;
  report(turn, 'error', null, text);
  happened(turn, 'lease', text);
  state.overrun = true;
  settlePhase(turn);
}

export function joinHoldEnded(turn: Turn): void {
  const { state } = turn;
  if (state.phase !== 'joining') return;
  enterPhase(turn, 'member', 'join hold is over');
  restartTakeoverDelays(turn);
}

/** Decides whether the node is isolated. Called when something it depends on has changed, or a replica has stopped. */
export function settlePhase(turn: Turn): void {
  const { state } = turn;
  const cause = isolationCause(state);
  if (cause !== null) {
    if (keepsGoing(state)) {
      if (state.phase === 'member') enterPhase(turn, 'alone', `${cause}; onIsolation is keep: carrying on alone`);
    } else if (state.phase !== 'isolated') {
      cancelTimer(turn, { kind: 'join' });
      enterPhase(turn, 'isolated', cause);
    }
    if (state.overrun && nothingRuns(state)) {
      state.overrun = false;
      settlePhase(turn);
    }
    return;
  }
  if (state.phase === 'alone') endAloneTime(turn);
  if (state.phase === 'isolated') {
    state.joinedAtMs = turn.nowMs;
    enterPhase(turn, 'joining', `neighbours are there: joining for ${state.settings.joinHoldMs} ms`);
    setTimer(turn, { kind: 'join' }, state.settings.joinHoldMs);
    setTimer(turn, { kind: 'resources' }, RESOURCE_HOLD_MS);
    for (const replica of state.replicas.values()) delayPreemption(turn, replica);
  }
}

/**
 * The neighbours are back. What runs here goes on; the rest listens first, for the NSM says Full before SPF says who is
 * reachable.
 */
function endAloneTime(turn: Turn): void {
  const { state } = turn;
  state.joinedAtMs = turn.nowMs;
  state.returnedAtMs = turn.nowMs;
  setTimer(turn, { kind: 'returned' }, state.settings.joinHoldMs);
  setTimer(turn, { kind: 'resources' }, RESOURCE_HOLD_MS);
  enterPhase(turn, 'member', 'neighbours are back');
  watchOwnRoutesAnew(turn);
}

/** Why the node is isolated, or null. Inferred from NSM events only, never from a refusal to originate. */
function isolationCause(state: NodeState): string | null {
  if (state.overrun) return 'frozen past the lease';
  if (state.duplicate) return 'another daemon uses our router ID';
  if (!state.connected) return 'no connection to ospfd';
  if (!state.synced) return 'the LSDB is not synchronised yet';
  return state.fullNeighbours === 0 ? 'no full neighbour' : null;
}

/** `onIsolation: keep` is for the loss of neighbours only, and only for a node that took part. */
function keepsGoing(state: NodeState): boolean {
  const neighboursOnly = !state.overrun && !state.duplicate && state.connected && state.synced;
  const takesPart = state.phase === 'member' || state.phase === 'alone';
  return state.settings.onIsolation === 'keep' && takesPart && neighboursOnly;
}

function enterPhase(turn: Turn, phase: Phase, why: string): void {
  const { state } = turn;
  if (state.phase === phase) return;
  report(turn, phase === 'isolated' || phase === 'alone' ? 'warn' : 'info', null, `${phase}: ${why}`);
  happened(turn, 'node', transitionWords(state.phase, phase, why), { from: state.phase, to: phase });
  state.phase = phase;
  for (const group of state.groups.keys()) turn.dirty.add(group);
}

function nothingRuns(state: NodeState): boolean {
  for (const { run, alias } of state.replicas.values()) {
    if (run === 'starting' || run === 'started' || run === 'stopping' || alias !== 'down') return false;
  }
  return true;
}

/** Of another node: it came, went, or fell silent. */
export function memberHappened(turn: Turn, node: KnownNode, to: string, text: string): void {
  happened(turn, 'member', text, { node: node.id, to });
}

function unreach(turn: Turn, node: KnownNode): void {
  if (!node.reachable) return;
  node.reachable = false;
  turn.daemonDirty ||= node.unconfirmed || node.probed;
  node.unconfirmed = false;
  forgetSuspicion(turn, node);
  forgetSilence(turn, node);
  forgetIdleness(turn, node);
  holderUnreachable(turn, node);
  markServicesDirty(turn, node);
  planSweep(turn);
}

function makeStale(turn: Turn, node: KnownNode): void {
  const { state } = turn;
  unreach(turn, node);
  node.outdone.clear();
  if (node.daemonPresence === 'held') node.daemonPresence = 'stale';
  for (const service of node.services) {
    const observed = state.view.replicas.get(service)?.get(node.id);
    if (observed?.presence !== 'held') continue;
    observed.presence = 'stale';
    observed.confirmed = false;
    noteGone(turn, node, service);
  }
}

/** Routers without a daemon are no business of ours. */
function isClusterNode(node: KnownNode): boolean {
  return node.daemon !== null || node.services.size > 0;
}
