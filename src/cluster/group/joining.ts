import { holds, type RouterId } from '../../model/index.js';
import { happened, type NodeState, type Replica, replicaTimer, report, setTimer, type Turn } from '../state/index.js';
import { hasHeardAll, type KnownNode, reachableReplicas } from '../view/index.js';
import { isResourceSomewhere } from './resource-somewhere.js';

/**
 * A resource waits this long from the LSDB's synchronisation and the first Full neighbour, or from its own first
 * announcement: others may be doing the same, and a lost flood is sent again after 5 s (RxmtInterval, RFC 2328 C.3).
 */
export const RESOURCE_HOLD_MS = 6_000;

/**
 * The others wait this long for a replica that is activated again after a crash. Far longer than a disk or a mirror
 * takes to come back, and `activate` may ask to be called again for ever.
 */
const RECOVERY_MS = 60_000;

/** A node that comes more often than this within a minute would leave no moment in which nobody waits for it. */
const MOST_ARRIVALS = 9;
const ARRIVALS_WITHIN_MS = 60_000;
const ONE_ARRIVAL_MS = 2_000;

/**
 * Announced, but not to be elected yet: the node has just come up, the resource could not be started yet, or
 * `preemptDelay` keeps the replica from taking over.
 */
export function isJoining(state: NodeState, replica: Replica): boolean {
  if (state.phase === 'joining' || state.phase === 'isolated') return true;
  if (replica.recovering && replica.run !== 'failed') return !isOurs(state, replica);
  return (
    replica.run === 'stopped' &&
    (isReturning(state) ||
      // Cleared, but the alert about the failure still runs: nobody should give way to a node that cannot start yet.
      replica.job?.primitive === 'failed' ||
      isListening(state, replica) ||
      isPreemptDelayed(state, replica))
  );
}

/**
 * Elected earlier, a resource would only be taken away from who has it, and then wait. Not where it has become a member
 * of a group that this node owns: nobody else may start it anyway, and the others would take the group away meanwhile.
 */
export function isListening(state: NodeState, replica: Replica): boolean {
  if (replica.run !== 'stopped' || replica.definition.kind !== 'resource') return false;
  return isOurs(state, replica) ? state.nowMs < state.joinedAtMs + RESOURCE_HOLD_MS : !resourceMayStart(state, replica);
}

/** What an earlier life left is activated again: that may take as long as it likes, but the others count on it for a while only. */
export function beginRecovery(turn: Turn, replica: Replica): void {
  replica.recoverUntilMs = turn.nowMs + RECOVERY_MS;
  setTimer(turn, replicaTimer('recovery', replica), RECOVERY_MS);
}

/** The time is over in which the others wait for it. It is on standby until it has been activated. */
export function recoversTooLong({ nowMs }: NodeState, { recovering, recoverUntilMs }: Replica): boolean {
  return recovering && nowMs >= recoverUntilMs;
}

export function recoveryTimeEnded(turn: Turn, replica: Replica): void {
  if (!recoversTooLong(turn.state, replica) || replica.job?.primitive !== 'activate') return;
  const { name } = replica.definition;
  const text = `activate has not succeeded in ${RECOVERY_MS / 1000} s: the other nodes do not wait for it any more`;
  report(turn, 'warn', name, text);
  happened(turn, 'failure', text, { service: name });
}

function isOurs(state: NodeState, { definition }: Replica): boolean {
  return (state.groups.get(definition.group)?.claim ?? 0) > 0;
}

/** After a time alone, a replica that does not run here first listens, as one on a node that has just come up. */
function isReturning(state: NodeState): boolean {
  return state.nowMs < state.returnedAtMs + state.settings.joinHoldMs;
}

/** Neither a node that has just joined nor a replica that has just been activated knows yet who uses the resource. */
export function resourceMayStart(state: NodeState, replica: Replica): boolean {
  return state.nowMs >= Math.max(state.joinedAtMs, replica.injectedAtMs) + RESOURCE_HOLD_MS;
}

/** The replica returns by itself: its node has joined, or its failure timeout is over. An operator's word holds at once. */
export function delayPreemption(turn: Turn, replica: Replica): void {
  const { preemptDelayMs } = replica.definition;
  if (preemptDelayMs <= 0) return;
  replica.preemptAtMs = turn.nowMs + preemptDelayMs;
  setTimer(turn, replicaTimer('preempt', replica), preemptDelayMs);
}

/** `preemptDelay` only keeps a replica from taking over: where nobody holds the service there is nothing to wait for. */
function isPreemptDelayed(state: NodeState, replica: Replica): boolean {
  if (state.nowMs >= replica.preemptAtMs) return false;
  for (const { announcement, routeless } of reachableReplicas(state.view, replica.definition.name)) {
    if (announcement.runState === 'failed' || !holds(announcement)) continue;
    // Of a resource a route says nothing, whatever its holder takes it for.
    if (!routeless || isResourceSomewhere(state, announcement.definition.name)) return true;
  }
  return false;
}

/**
 * A node is there: what it says of a resource may have been lost on its way, and come with the retransmission. One that comes
 * and goes again and again keeps nobody waiting for ever.
 */
export function nodeArrived(turn: Turn, node: KnownNode): void {
  const recent = node.arrivalsMs.filter((atMs) => atMs > turn.nowMs - ARRIVALS_WITHIN_MS);
  // Node and daemon come together.
  if ((recent.at(-1) ?? Number.NEGATIVE_INFINITY) > turn.nowMs - ONE_ARRIVAL_MS) recent.pop();
  node.arrivalsMs = [...recent.slice(-MOST_ARRIVALS), turn.nowMs];
  setTimer(turn, { kind: 'newcomer', node: node.id }, RESOURCE_HOLD_MS);
}

/** A node that has just come and has not said yet whether it uses the resource; null: there is none. */
export function newcomer(state: NodeState, service: string): RouterId | null {
  for (const node of state.view.nodes.values()) {
    if (!node.reachable || node.silent || !isNew(state, node)) continue;
    if (node.daemon === null && node.services.size === 0) continue; // a router, as far as is known
    if (!hasSaid(state, node, service)) return node.id;
  }
  return null;
}

/** Something was heard of a node: a resource that waits for its word may not have to any more. */
export function newcomerHeard(turn: Turn, node: KnownNode): void {
  const { state } = turn;
  if (!isNew(state, node)) return;
  for (const { run, definition } of state.replicas.values()) {
    if (run !== 'starting' || definition.kind !== 'resource') continue;
    if (hasSaid(state, node, definition.name)) turn.dirty.add(definition.group);
  }
}

function isNew({ nowMs }: NodeState, { arrivalsMs }: KnownNode): boolean {
  const last = arrivalsMs.at(-1);
  return last !== undefined && nowMs < last + RESOURCE_HOLD_MS && arrivalsMs.length <= MOST_ARRIVALS;
}

/**
 * Whether the node has said, since it is there, what it does with the service. Where its ospfd has died, what it had out
 * is deleted before it is flooded anew: a withdrawal counts when its daemon counts no announcement more than are here.
 * Where nothing was announced, that counts only of a daemon that has just begun on a node that was there all the time: it
 * counts whatever its earlier life may have left. In a network that was cut in two the word may be older than the start.
 */
function hasSaid(state: NodeState, node: KnownNode, service: string): boolean {
  switch (state.view.replicas.get(service)?.get(node.id)?.presence) {
    case 'held':
      return true;
    case 'withdrawn':
      return node.daemonPresence === 'held' && hasHeardAll(state.view, node);
    default:
      return node.begunAnew && state.replicas.get(service)?.definition.scope === 'as' && hasToldAll(state, node);
  }
}

function hasToldAll({ view }: NodeState, node: KnownNode): boolean {
  return node.daemonPresence === 'held' && node.daemon?.digest != null && hasHeardAll(view, node);
}

/** A resource is announced for the first time. */
export function beginResourceHold(turn: Turn, replica: Replica): void {
  if (replica.definition.kind !== 'resource') return;
  replica.injectedAtMs = turn.nowMs;
  setTimer(turn, replicaTimer('resource-hold', replica), RESOURCE_HOLD_MS);
}
