import { formatRouterId, type Ipv4Address, type RouterId } from '../../model/index.js';
import {
  cancelTimer,
  happened,
  markReplicaDirty,
  type NodeState,
  type Replica,
  type Routes,
  replicaTimer,
  report,
  setTimer,
  type Timer,
  type Turn,
} from '../state/index.js';
import { type KnownNode, nodeLabel, type Observed } from '../view/index.js';

/** A started service counts this long after its route was last seen. */
const ROUTE_LOST_MS = 1_000;
/** And this long after `starting` if its route was never seen. */
const ROUTE_NEVER_SEEN_MS = 15_000;
/** The owner's own route: missing this long after alias up, the service has failed here. */
export const OWN_ROUTE_MS = 10_000;

export function noRoutes(): Routes {
  return { way: 'stub', undecided: true, known: false, addresses: new Map() };
}

/** A router announces other host addresses than before. */
export function routesChanged(turn: Turn, origin: RouterId, addresses: readonly Ipv4Address[]): void {
  const { state } = turn;
  const before = state.routes.addresses.get(origin);
  const now = new Set(addresses);
  state.routes.known = true;
  state.routes.addresses.set(origin, now);
  const first = before === undefined && origin !== state.self;
  const services = first ? state.view.nodes.get(origin)?.services : servicesConcerned(state, before ?? new Set(), now);
  for (const service of services ?? []) {
    const replica = origin === state.self ? state.replicas.get(service) : undefined;
    if (replica !== undefined) watchOwnRoute(turn, replica);
    const observed = state.view.replicas.get(service)?.get(origin);
    if (observed === undefined) continue;
    watchRoute(turn, observed);
    // An owner that hands over may be waiting for just this route.
    markReplicaDirty(turn, observed);
  }
}

/** The services of which an address came or went; for those whose addresses stayed nothing changes. */
function servicesConcerned(state: NodeState, before: ReadonlySet<string>, now: ReadonlySet<string>): Set<string> {
  const changed = [...[...now].filter((a) => !before.has(a)), ...[...before].filter((a) => !now.has(a))];
  return new Set(changed.flatMap((address) => [...(state.view.addresses.get(address) ?? [])]));
}

/**
 * The route is the truth: a service that says started, but whose address its origin does not announce, does not count.
 * Called whenever the announcement or the routes of its origin change.
 */
export function watchRoute(turn: Turn, observed: Observed): void {
  const { state } = turn;
  const { announcement, origin } = observed;
  const { name, kind } = announcement.definition;
  const busy = announcement.runState === 'starting' || announcement.runState === 'started';
  if (!busy) {
    observed.busySinceMs = null;
    observed.routeSeenMs = null;
  } else observed.busySinceMs ??= turn.nowMs;
  const timer: Timer = { kind: 'route', service: name, node: origin };
  // What was given up for want of a route counts again when it has stopped, not while it is stopping.
  const gone = announcement.runState === 'started' || (announcement.runState === 'stopping' && observed.routeless);
  const missing = kind === 'service' && gone && routeIsMissing(state, observed);
  if (!missing) {
    if (busy && state.routes.known && !routeIsMissing(state, observed)) observed.routeSeenMs = turn.nowMs;
    cancelTimer(turn, timer);
    observed.routeDueMs = null;
    if (observed.routeless) markReplicaDirty(turn, observed);
    observed.routeless = false;
    return;
  }
  // Newer announcements do not begin the time anew: those that run for it come as often as their node likes.
  if (observed.routeless || observed.routeDueMs !== null) return;
  const lostMs = turn.nowMs + ROUTE_LOST_MS;
  // The successor in a handover announces its address only when it has started, however long that took.
  const since =
    observed.routeSeenMs === null
      ? Math.max(lostMs, (observed.busySinceMs ?? turn.nowMs) + ROUTE_NEVER_SEEN_MS)
      : lostMs;
  observed.routeDueMs = since;
  setTimer(turn, timer, Math.max(0, since - turn.nowMs));
}

/** A node can be reached again. Whatever time had run out meanwhile is counted anew. */
export function watchRoutesOf(turn: Turn, node: KnownNode): void {
  for (const service of node.services) {
    const observed = turn.state.view.replicas.get(service)?.get(node.id);
    if (observed?.presence === 'held') watchRoute(turn, observed);
  }
}

/** The time is over and the route is still missing. */
export function routeTimeEnded(turn: Turn, service: string, origin: RouterId): void {
  const observed = turn.state.view.replicas.get(service)?.get(origin);
  if (observed === undefined) return;
  observed.routeDueMs = null;
  if (observed.routeless || observed.presence !== 'held') return;
  if (turn.state.view.nodes.get(origin)?.reachable !== true) return;
  const { runState, definition } = observed.announcement;
  if (runState !== 'started' || !routeIsMissing(turn.state, observed)) return;
  observed.routeless = true;
  markReplicaDirty(turn, observed);
  const node = turn.state.view.nodes.get(origin);
  const where = node === undefined ? formatRouterId(origin) : nodeLabel(node);
  const missing = `${definition.addresses.join(', ')} is not announced there: it does not count`;
  report(turn, 'warn', service, `${where} says started, but ${missing}`);
  happened(turn, 'failure', `it says started, but ${missing}`, { node: origin, service });
}

/** Whether the origin does not announce every address of the service. */
export function routeIsMissing(state: NodeState, observed: Observed): boolean {
  return addressIsMissing(state, observed.origin, observed.announcement.definition.addresses);
}

/** The owner watches its own address in its own LSAs. */
export function watchOwnRoute(turn: Turn, replica: Replica): void {
  if (turn.state.self === null || replica.alias !== 'up') return;
  const timer = replicaTimer('own-route', replica);
  const missing = !replica.routeWithheld && addressIsMissing(turn.state, turn.state.self, replica.definition.addresses);
  if (missing && replica.routeMissing) return;
  replica.routeMissing = missing;
  if (missing) setTimer(turn, timer, OWN_ROUTE_MS);
  else cancelTimer(turn, timer);
}

/** The neighbours are back after a time alone, in which a missing route was no failure. */
export function watchOwnRoutesAnew(turn: Turn): void {
  for (const replica of turn.state.replicas.values()) {
    replica.routeMissing = false;
    watchOwnRoute(turn, replica);
  }
}

/** Whether a router does not announce every one of these. Without knowledge of routes nothing is missing. */
export function addressIsMissing(state: NodeState, origin: RouterId, addresses: readonly Ipv4Address[]): boolean {
  if (!state.routes.known || addresses.length === 0) return false;
  const announced = state.routes.addresses.get(origin);
  return !addresses.every((address) => announced?.has(address));
}
