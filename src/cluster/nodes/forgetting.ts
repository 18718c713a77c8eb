import type { RouterId, ServiceAnnouncement } from '../../model/index.js';
import { removeHolder } from '../exclusion/index.js';
import { unindexDefinition } from '../group/index.js';
import { type NodeState, setTimer, type Turn } from '../state/index.js';
import type { KnownNode } from '../view/index.js';
import { MAX_SERVICES_OF_A_NODE } from './admission.js';

/**
 * What was withdrawn is remembered this long: an older announcement of it, in a part of the network that was cut off or
 * on a router that was switched off, is flushed by then (MaxAge is one hour, RFC 2328 appendix B).
 */
export const MEMORY_MS = 65 * 60_000;
/** How often it is looked whether there is something to forget. */
const SWEEP_MS = 10 * 60_000;
/** So many withdrawn replicas of one node are remembered of services that are not configured here. */
export const MAX_GONE = 1_024;

/** A replica is not announced any more, or not heard of yet in this session: from now on it is on the way to be forgotten. */
export function noteGone(turn: Turn, node: KnownNode, service: string): void {
  node.gone.delete(service);
  node.gone.set(service, turn.nowMs);
  planSweep(turn);
}

/** Of too many withdrawn replicas the oldest are forgotten before their time, but none of our own services. */
export function limitGone({ state }: Turn, node: KnownNode): void {
  for (const service of node.gone.keys()) {
    if (node.gone.size <= MAX_GONE) return;
    if (!state.replicas.has(service)) forgetReplica(state, node, service);
  }
}

/** The memory timer is due: forgets what cannot matter any more. */
export function sweep(turn: Turn): void {
  const { state } = turn;
  state.sweepPlanned = false;
  for (const node of state.view.nodes.values()) {
    for (const [service, sinceMs] of node.gone) {
      if (turn.nowMs < sinceMs + MEMORY_MS) break;
      forgetReplica(state, node, service);
    }
    if (isForgettable(turn, node)) forgetNode(state, node);
    else if (node.gone.size > 0 || !node.reachable) planSweep(turn);
  }
}

/** An announcement that a higher epoch outdoes. Of too many the newest are not kept. */
export function noteOutdone(node: KnownNode, lsaId: string, announcement: ServiceAnnouncement): void {
  if (node.outdone.size < MAX_SERVICES_OF_A_NODE || node.outdone.has(lsaId)) node.outdone.set(lsaId, announcement);
}

/**
 * A node that lost both its state directory and its clock begins again with a lower epoch. Where nothing of a higher one
 * is held any more, what is remembered of the node is forgotten, so that it can be heard. Returns what it has announced in that
 * epoch so far, by LSA, which is to be heard now; null: it has not begun again.
 */
export function forgetHigherEpochs(
  turn: Turn,
  node: KnownNode,
  epoch: number,
): ReadonlyMap<string, ServiceAnnouncement> | null {
  const { state } = turn;
  if (epoch >= node.highestEpoch) {
    node.highestEpoch = epoch;
    return null;
  }
  if (node.daemonPresence === 'held' && (node.daemon?.sequence.epoch ?? 0) > epoch) return null;
  const known = [...node.services].flatMap((service) => state.view.replicas.get(service)?.get(node.id) ?? []);
  const held = known.filter(({ presence }) => presence === 'held');
  if (held.some(({ announcement }) => announcement.sequence.epoch > epoch)) return null;
  const out = new Map([...node.outdone].filter(([, { sequence }]) => sequence.epoch === epoch));
  for (const { announcement, carriers } of held) {
    if (announcement.sequence.epoch === epoch) for (const lsaId of carriers) out.set(lsaId, announcement);
  }
  for (const { announcement } of known) {
    const { name, group } = announcement.definition;
    removeReplica(state, node, name);
    // The claims of its groups stay known, or the next one would be lower: a group that is gone goes when it is settled.
    turn.dirty.add(group);
  }
  for (const lsaId of out.keys()) node.outdone.delete(lsaId);
  node.daemon = null;
  node.highestEpoch = epoch;
  return out;
}

/** Forgets a node and all that it has announced. */
export function forgetNode(state: NodeState, node: KnownNode): void {
  for (const service of node.services) forgetReplica(state, node, service);
  state.view.nodes.delete(node.id);
  if (state.routes.addresses.get(node.id)?.size === 0) state.routes.addresses.delete(node.id);
}

/** Forgets a replica, and its service and group if nobody else has them. */
export function forgetReplica(state: NodeState, node: KnownNode, service: string): void {
  const group = state.view.replicas.get(service)?.get(node.id)?.announcement.definition.group;
  removeReplica(state, node, service);
  if (group !== undefined && !state.view.groups.has(group)) state.groups.delete(group);
}

function removeReplica(state: NodeState, node: KnownNode, service: string): void {
  const { view } = state;
  node.services.delete(service);
  node.gone.delete(service);
  const replicas = view.replicas.get(service);
  const observed = replicas?.get(node.id);
  if (replicas === undefined || observed === undefined) return;
  replicas.delete(node.id);
  view.size -= 1;
  if (replicas.size === 0) view.replicas.delete(service);
  unindexDefinition(state, observed.announcement.definition);
  // Who held a resource of ours matters beyond that.
  if (!state.replicas.has(service) && !state.records.has(service)) removeHolder(state, service, node.id);
}

function isForgettable({ state, nowMs }: Turn, node: KnownNode): boolean {
  if (node.reachable || node.services.size > 0 || node.daemonPresence === 'held') return false;
  return nowMs >= node.heardAtMs + MEMORY_MS && !isHolder(state, node.id);
}

function isHolder(state: NodeState, id: RouterId): boolean {
  return (state.holdings.get(id)?.size ?? 0) > 0;
}

export function planSweep(turn: Turn): void {
  if (turn.state.sweepPlanned) return;
  turn.state.sweepPlanned = true;
  setTimer(turn, { kind: 'memory' }, SWEEP_MS);
}
