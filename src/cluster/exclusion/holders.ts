import { compareSequence, type RouterId, routerId, type ServiceAnnouncement } from '../../model/index.js';
import { cancelTimer, type Holder, type NodeState, report, setTimer, type Turn } from '../state/index.js';
import { hasHeardAll, type KnownNode } from '../view/index.js';
import { persistHolders } from './holders-kept.js';
import { mayHold } from './may-hold.js';

/** Two retransmissions of OSPF, 5 s each. */
const ANSWERED_MS = 11_000;
/** The daemon counts more than is here: it may be the last word of one that has died, on its way through other routers. */
const ANSWERED_AS_SUSPECT_MS = 22_000;

/** Another node announced something of a replica: does it hold the service, or no longer? */
export function noteHolder(turn: Turn, origin: RouterId, announcement: ServiceAnnouncement): void {
  const service = announcement.definition.name;
  const known = turn.state.holders.get(service)?.get(origin);
  if (known !== undefined && compareSequence(announcement.sequence, known.sequence) < 0) return;
  if (mayHold(turn.state, announcement)) {
    const node = turn.state.view.nodes.get(origin);
    const { sequence } = announcement;
    const holder: Holder = {
      sequence,
      unreachableSinceMs: known?.unreachableSinceMs ?? null,
      answered: false,
      outdated: sequence.epoch < (node?.latestEpoch ?? 0),
      resource: announcement.definition.kind === 'resource',
    };
    if (holder.outdated && node !== undefined) node.hasOutdatedHolders = true;
    if (known?.answered === true) cancelTimer(turn, { kind: 'holder', service, node: origin });
    setHolder(turn.state, service, origin, holder);
    if (known?.resource !== holder.resource) persistHolders(turn, service);
    // What a dead router said last stays in the LSDB, and a node that has just come up hears it there first.
    // Newer words from there do not begin the delay anew.
    if (takesPart(turn.state) && node?.reachable !== true && holder.unreachableSinceMs === null)
      beginTakeoverDelay(turn, service, origin, holder);
  } else if (known !== undefined) {
    forgetHolder(turn, service, origin);
  }
}

/** The node says that what it announced still holds. Meanwhile it may have been out of reach, and forgotten. */
export function holderConfirmed(turn: Turn, origin: RouterId, announcement: ServiceAnnouncement): void {
  const known = turn.state.holders.get(announcement.definition.name)?.has(origin) ?? false;
  if (!known && mayHold(turn.state, announcement)) noteHolder(turn, origin, announcement);
}

/** What this node remembers from an earlier life, also of services whose definition cannot be read at present. */
export function recallHolders(state: NodeState): void {
  for (const [service, { holders }] of state.records) {
    for (const { routerId: origin, epoch, counter } of holders) {
      const sequence = { epoch, counter };
      const holder = { sequence, unreachableSinceMs: null, answered: false, outdated: false, resource: true };
      setHolder(state, service, routerId(origin), holder);
    }
  }
}

/**
 * The node speaks in a life that is at least as late as any that was heard of it. What made it a holder in between came
 * from an earlier one, of which this life has said what there was to say: an old LSA from a part of the network that was
 * cut off, say. Only a person could end such a holder.
 */
export function forgetOutdatedHolders(turn: Turn, node: KnownNode, epoch: number): void {
  // What a node holds grows with the cluster, and this is asked of each announcement.
  if (!node.hasOutdatedHolders) return;
  node.hasOutdatedHolders = false;
  for (const [service, holder] of heldBy(turn.state, node.id)) {
    if (!holder.outdated || holder.sequence.epoch >= epoch) continue;
    forgetHolder(turn, service, node.id);
    markDirty(turn, service, 'what made its last holder one was said in an earlier life of its daemon');
  }
}

/** A holder cannot be reached: its `takeoverDelay` begins, so that an isolated node can finish its stop. */
export function holderUnreachable(turn: Turn, node: KnownNode): void {
  for (const [service, holder] of heldBy(turn.state, node.id)) beginTakeoverDelay(turn, service, node.id, holder);
}

export function holderReachable(turn: Turn, node: KnownNode): void {
  for (const [service, holder] of heldBy(turn.state, node.id)) {
    if (holder.unreachableSinceMs === null) continue;
    holder.unreachableSinceMs = null;
    cancelTimer(turn, { kind: 'takeover', service, node: node.id });
  }
}

/**
 * A daemon speaks, though nothing of the replica is announced. If it speaks because it was `asked`, in the very life in which
 * it held the service, and does not count the replica, it had stopped it before. (Its `stopped` was lost: a retransmission
 * carries the deletion instead.) Otherwise the replica may be about to be announced, and a lost flood takes two
 * retransmissions at most. A new life of the daemon does not count: it may not be able to read the definition of what its
 * earlier life left running.
 */
export function holderAnswered(turn: Turn, node: KnownNode, asked: boolean): void {
  const { state } = turn;
  for (const [service, holder] of heldBy(state, node.id)) {
    const observed = state.view.replicas.get(service)?.get(node.id);
    if (observed?.presence === 'held' || holder.sequence.epoch !== node.daemon?.sequence.epoch) continue;
    if (asked && hasLetGo(state, node, service, holder)) {
      forgetHolder(turn, service, node.id);
      markDirty(turn, service, 'its last holder has answered, and has withdrawn it');
    } else if (!holder.answered) {
      holder.answered = true;
      const delayMs = hasHeardAll(state.view, node) ? ANSWERED_MS : ANSWERED_AS_SUSPECT_MS;
      setTimer(turn, { kind: 'holder', service, node: node.id }, delayMs);
    }
  }
}

/**
 * Whether the daemon spoke when it did not have the replica out any more. When a daemon dies ospfd withdraws what it had out,
 * and its last word may come later than that: such a word counts more than is here. Only what has AS scope is counted.
 */
function hasLetGo({ view, replicas }: NodeState, node: KnownNode, service: string, { sequence }: Holder): boolean {
  const definition = view.replicas.get(service)?.get(node.id)?.announcement.definition;
  const scope = (definition ?? replicas.get(service)?.definition)?.scope;
  if (node.daemon?.digest == null || scope !== 'as') return false;
  return compareSequence(node.daemon.sequence, sequence) > 0 && hasHeardAll(view, node);
}

/** Its daemon lives, and has not announced the replica in all that time: it does not have it any more. */
export function answeredHolderExpired(turn: Turn, service: string, origin: RouterId): void {
  const { state } = turn;
  const node = state.view.nodes.get(origin);
  const holder = state.holders.get(service)?.get(origin);
  if (holder?.answered !== true) return;
  holder.answered = false;
  const held = state.view.replicas.get(service)?.get(origin)?.presence === 'held';
  const sameLife = node?.daemonPresence === 'held' && node.daemon?.sequence.epoch === holder.sequence.epoch;
  const lives = node?.reachable === true && !node.silent && sameLife;
  if (held || !lives) return;
  forgetHolder(turn, service, origin);
  markDirty(turn, service, 'its last holder has answered, and does not announce it any more');
}

/** We have neighbours again: the delay of those that are not among the reachable counts from now. */
export function restartTakeoverDelays(turn: Turn): void {
  for (const [service, holders] of turn.state.holders) {
    for (const [origin, holder] of holders) {
      if (turn.state.view.nodes.get(origin)?.reachable !== true) beginTakeoverDelay(turn, service, origin, holder);
    }
  }
}

/** The service is defined here (again): holders that were lost meanwhile have had some of their time. */
export function resumeTakeoverDelays(turn: Turn, service: string): void {
  if (!takesPart(turn.state)) return;
  for (const [origin, holder] of [...(turn.state.holders.get(service) ?? [])]) {
    if (turn.state.view.nodes.get(origin)?.reachable === true) continue;
    holder.unreachableSinceMs ??= turn.nowMs;
    awaitTakeover(turn, service, origin, holder);
  }
}

/** The holder had its time. Whoever is isolated himself cannot know, and goes on waiting. */
export function takeoverDelayEnded(turn: Turn, service: string, origin: RouterId): void {
  const { state } = turn;
  const holder = state.holders.get(service)?.get(origin);
  if (holder === undefined || holder.unreachableSinceMs === null || state.phase === 'isolated') return;
  forgetHolder(turn, service, origin);
  markDirty(turn, service, 'takeover delay is over');
}

/** An operator has made sure that this one node does not use the resource any more. Returns whether it was taken to. */
export function confirmHolderStopped(turn: Turn, service: string, origin: RouterId): boolean {
  if (turn.state.holders.get(service)?.has(origin) !== true) return false;
  forgetHolder(turn, service, origin);
  markGroupDirty(turn, service);
  return true;
}

/**
 * A resource whose holder vanished (its announcement is gone, or it is silent) while the node stays reachable may still
 * be in use there: a daemon that died cannot stop it.
 */
export function hasVanished(state: NodeState, service: string, origin: RouterId): boolean {
  const node = state.view.nodes.get(origin);
  const observed = state.view.replicas.get(service)?.get(origin);
  if (node?.reachable !== true) return false;
  return observed?.presence !== 'held' || node.silent;
}

/** Holders of which an operator may have to make sure. */
export function waitedHolders(state: NodeState, service: string): RouterId[] {
  const holders = [...(state.holders.get(service)?.keys() ?? [])];
  const isWaitedFor = (origin: RouterId): boolean =>
    hasVanished(state, service, origin) || isWithinTakeoverDelay(state, service, origin);
  return holders.filter(isWaitedFor).sort((a, b) => a - b);
}

/** Unreachable, and its takeover delay is not over yet. */
export function isWithinTakeoverDelay(state: NodeState, service: string, origin: RouterId): boolean {
  return state.view.nodes.get(origin)?.reachable !== true && (state.holders.get(service)?.has(origin) ?? false);
}

/** What a node was seen to hold. A copy: it may change while one goes through it. */
function heldBy(state: NodeState, origin: RouterId): [string, Holder][] {
  const held: [string, Holder][] = [];
  for (const service of state.holdings.get(origin) ?? []) {
    const holder = state.holders.get(service)?.get(origin);
    if (holder !== undefined) held.push([service, holder]);
  }
  return held;
}

function setHolder(state: NodeState, service: string, origin: RouterId, holder: Holder): void {
  const holders = state.holders.get(service) ?? new Map<RouterId, Holder>();
  state.holders.set(service, holders);
  holders.set(origin, holder);
  const holdings = state.holdings.get(origin) ?? new Set<string>();
  state.holdings.set(origin, holdings);
  holdings.add(service);
}

/** It is not told of, and nothing is written down: for what is not configured here. */
export function removeHolder({ holders, holdings }: NodeState, service: string, origin: RouterId): void {
  holders.get(service)?.delete(origin);
  if (holders.get(service)?.size === 0) holders.delete(service);
  holdings.get(origin)?.delete(service);
  if (holdings.get(origin)?.size === 0) holdings.delete(origin);
}

function beginTakeoverDelay(turn: Turn, service: string, origin: RouterId, holder: Holder): void {
  holder.unreachableSinceMs = turn.nowMs;
  awaitTakeover(turn, service, origin, holder);
}

function awaitTakeover(turn: Turn, service: string, origin: RouterId, holder: Holder): void {
  const { state, nowMs } = turn;
  const definition = state.replicas.get(service)?.definition;
  // Without its definition it is not known how long to wait. It may come back.
  if (definition === undefined) return;
  const delayMs = (holder.unreachableSinceMs ?? nowMs) + (definition?.takeoverDelayMs ?? 0) - nowMs;
  if (delayMs > 0) {
    setTimer(turn, { kind: 'takeover', service, node: origin }, delayMs);
  } else if (state.phase !== 'isolated') {
    forgetHolder(turn, service, origin);
    markGroupDirty(turn, service);
  }
}

function forgetHolder(turn: Turn, service: string, origin: RouterId): void {
  const holders = turn.state.holders.get(service);
  const holder = holders?.get(origin);
  if (holders === undefined || holder === undefined) return;
  removeHolder(turn.state, service, origin);
  if (holder.unreachableSinceMs !== null) cancelTimer(turn, { kind: 'takeover', service, node: origin });
  persistHolders(turn, service);
}

function takesPart({ phase }: NodeState): boolean {
  return phase === 'member' || phase === 'alone';
}

function markDirty(turn: Turn, service: string, why: string): void {
  if (markGroupDirty(turn, service)) report(turn, 'info', service, why);
}

/** Returns whether the service is configured here. */
function markGroupDirty(turn: Turn, service: string): boolean {
  const group = turn.state.replicas.get(service)?.definition.group;
  if (group === undefined) return false;
  turn.dirty.add(group);
  return true;
}
