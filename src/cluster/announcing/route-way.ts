import {
  type DaemonAnnouncement,
  FEW_ADDRESSES,
  type Ipv4Address,
  MANY_ADDRESSES,
  type SharedDefinition,
} from '../../model/index.js';
import { wantsActive } from '../group/index.js';
import { type Event, emit, type NodeState, type Replica, report, type Turn } from '../state/index.js';

/** Bits of a Daemon announcement's capabilities. Takes AS-external LSAs with our tag for routes. */
export const COUNTS_EXTERNAL_ROUTES = 1;
/** Announces its addresses in AS-external LSAs at present. */
export const ANNOUNCES_EXTERNAL_ROUTES = 2;

/** The definitions of this node have changed. Whether that changes the way is decided when all has been done that follows. */
export function definitionsChanged(turn: Turn): void {
  if (turn.state.routes.way === 'external') tellWay(turn);
}

/** One word of a service is one of thousands: whether it may is seen where it is heard. All else is rare. */
export function mayChangeRouteWay(event: Event): boolean {
  return event.type !== 'announcement' || event.announcement.kind !== 'service';
}

/**
 * How this node announces addresses. By what all nodes know alike: a handover between two
 * ways would leave clients without a route for a moment. An earlier version of srrd does not know AS-external LSAs: it would take a service
 * that is announced in one for a service without a route, and start it as well.
 */
export function decideRouteWay(turn: Turn): void {
  const { state } = turn;
  const { routes } = state;
  if (!routes.undecided) return;
  routes.undecided = false;
  const next = wantsExternal(state) && othersAre(state, counting) ? 'external' : 'stub';
  if (next === routes.way) return;
  routes.way = next;
  turn.daemonDirty = true;
  const what = next === 'external' ? 'AS-external LSAs' : 'stub links of the Router LSA';
  report(turn, 'info', null, `announces addresses as ${what} from now on (\`announce: ${state.settings.announce}\`)`);
  tellWay(turn);
}

export function capabilities({ routes }: NodeState): number {
  return COUNTS_EXTERNAL_ROUTES | (routes.way === 'external' ? ANNOUNCES_EXTERNAL_ROUTES : 0);
}

/**
 * In the margin all stay as they are, and whoever comes back meanwhile follows the others. A node that is not a member, or is about to
 * end, knows too little of the cluster to call its addresses few.
 */
function wantsExternal(state: NodeState): boolean {
  const { announce } = state.settings;
  if (announce !== 'auto') return announce === 'external';
  const isExternal = state.routes.way === 'external';
  if (isExternal && (state.phase !== 'member' || state.shuttingDown)) return true;
  const count = countUpTo(state, MANY_ADDRESSES + 1);
  if (count > MANY_ADDRESSES) return true;
  return count > FEW_ADDRESSES && (isExternal || !othersAre(state, announcingStubs));
}

/**
 * The addresses that are announced in the cluster, counted up to this number. Only what has AS scope is heard by all. Ours
 * count as soon as they are to be announced: on a node that starts hundreds of services the first ones come up long before the last.
 */
function countUpTo(state: NodeState, most: number): number {
  const found = new Set<Ipv4Address>();
  for (const { scope, addresses } of announced(state)) {
    if (scope === 'as') for (const address of addresses) found.add(address);
    if (found.size >= most) return most;
  }
  return found.size;
}

/** Ours, and those of the nodes that can be reached: what is known of others may be much more. */
function* announced(state: NodeState): Generator<SharedDefinition> {
  for (const replica of state.replicas.values()) if (isAnnouncedHere(state, replica)) yield replica.definition;
  for (const { id, reachable, services } of state.view.nodes.values()) {
    if (!reachable) continue;
    for (const service of services) {
      const observed = state.view.replicas.get(service)?.get(id);
      if (observed?.presence === 'held') yield observed.announcement.definition;
    }
  }
}

function isAnnouncedHere(state: NodeState, replica: Replica): boolean {
  return wantsActive(state, replica) && replica.config !== 'failed' && !replica.refused;
}

/** What each node that can be reached, ourselves excepted, is by its own words. */
function othersAre({ view }: NodeState, such: (daemon: DaemonAnnouncement) => boolean): boolean {
  for (const { reachable, daemon, daemonPresence } of view.nodes.values()) {
    if (reachable && daemon !== null && daemonPresence === 'held' && !such(daemon)) return false;
  }
  return true;
}

function counting({ capabilities }: DaemonAnnouncement): boolean {
  return (capabilities & COUNTS_EXTERNAL_ROUTES) !== 0;
}

/** So does one whose version does not tell. */
function announcingStubs({ capabilities }: DaemonAnnouncement): boolean {
  return (capabilities & ANNOUNCES_EXTERNAL_ROUTES) === 0;
}

function tellWay(turn: Turn): void {
  emit(turn, { type: 'route-way', way: turn.state.routes.way, addresses: addressesHere(turn.state) });
}

function addressesHere({ replicas }: NodeState): Ipv4Address[] {
  return [...replicas.values()].flatMap(({ removed, definition }) => (removed ? [] : definition.addresses));
}
