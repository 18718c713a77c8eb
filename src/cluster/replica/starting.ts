import { MAX_CLAIM } from '../../model/index.js';
import { assentOwedBy, gateClosedBy, servesElsewhere, unconfirmedReplica } from '../exclusion/index.js';
import { groupState, newcomer, resourceMayStart, takeClaim } from '../group/index.js';
import { emit, type NodeState, type Replica, replicaTimer, setTimer, type Turn } from '../state/index.js';

/** OSPF's retransmission interval. */
const RENEWAL_MS = 5_000;

/** Our announcement has come back. A node that carries on alone has nobody to hear it from. */
export function echoHeard(state: NodeState, replica: Replica): boolean {
  return replica.echoed || state.phase === 'alone';
}

/** Nobody enters `starting` against an unconfirmed replica, and a node that carries on alone starts no resource. */
export function mayEnterStarting(state: NodeState, { definition }: Replica): boolean {
  if (state.phase === 'alone' && lacksResource(state, definition.name)) return false;
  return unconfirmedReplica(state, definition.name) === null;
}

/**
 * Whether it is a resource that does not run here, or needs one. What waits for one in vain would take a claim, and with that
 * the group from its owner when the neighbours are back.
 */
function lacksResource(state: NodeState, service: string, seen: Set<string> = new Set()): boolean {
  const replica = state.replicas.get(service);
  if (replica === undefined || replica.run === 'started' || seen.has(service)) return false;
  seen.add(service);
  const { kind, dependsOn } = replica.definition;
  return kind === 'resource' || dependsOn.some((name) => lacksResource(state, name, seen));
}

/**
 * `start` begins when our echo is heard, the gate is open and everything it depends on is started here; for a resource
 * also when every reachable replica has assented.
 */
export function mayStart(state: NodeState, replica: Replica): boolean {
  return isClear(state, replica) && (replica.definition.kind !== 'resource' || mayStartResource(state, replica));
}

function isClear(state: NodeState, replica: Replica): boolean {
  return (
    echoHeard(state, replica) &&
    gateClosedBy(state, replica.definition.name) === null &&
    replica.definition.dependsOn.every((name) => state.replicas.get(name)?.run === 'started')
  );
}

function mayStartResource(state: NodeState, replica: Replica): boolean {
  if (state.phase === 'alone' || !resourceMayStart(state, replica) || !isClaimHighest(state, replica)) return false;
  if (newcomer(state, replica.definition.name) !== null) return false;
  return assentOwedBy(state, replica).next().done === true;
}

/**
 * What a replica does that may not start yet. If another node turns out to serve after the address went up here, clients
 * must not be sent to this one. (One that is only starting gives way in a moment, or this one does.) Returns whether there was anything to do.
 */
export function waitToStart(turn: Turn, replica: Replica): boolean {
  const { name } = replica.definition;
  if (replica.alias === 'up' && servesElsewhere(turn.state, name)) {
    replica.alias = 'falling';
    emit(turn, { type: 'alias-down', service: name });
    return true;
  }
  return renewClaim(turn, replica);
}

/**
 * Just before `start`, a claim that is not above every other known one is no fencing token: a new one is taken, and
 * waited for again. Not earlier, and not more often than floods are retransmitted: two nodes that hear, but do not yet
 * reach each other would outbid each other at the speed of the network.
 */
function renewClaim(turn: Turn, replica: Replica): boolean {
  const { state } = turn;
  const { kind } = replica.definition;
  if (kind !== 'resource' || !isClear(state, replica) || isClaimHighest(state, replica)) return false;
  if (assentOwedBy(state, replica).next().done !== true) return false;
  const group = groupState(state, replica.definition.group);
  const waitMs = group.renewedAtMs + RENEWAL_MS - turn.nowMs;
  if (waitMs > 0) {
    setTimer(turn, replicaTimer('claim', replica), waitMs);
    return false;
  }
  group.renewedAtMs = turn.nowMs;
  takeClaim(turn, group.name, group.pinned);
  return true;
}

function isClaimHighest(state: NodeState, replica: Replica): boolean {
  const { claim, highestClaim, highestOtherClaim } = groupState(state, replica.definition.group);
  return (claim >= highestClaim && claim > highestOtherClaim) || claim === MAX_CLAIM;
}
