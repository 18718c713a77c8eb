import { FEW_ADDRESSES, type Ipv4Address, MANY_ADDRESSES } from '../../model/index.js';
import { emit, type NodeState, report, type Turn } from '../state/index.js';

/** Bit of a Daemon announcement's capabilities: takes AS-external LSAs with our tag for routes. */
export const COUNTS_EXTERNAL_ROUTES = 1;

/** The definitions of this node have changed. Whether that changes the way is decided when all has been done that follows. */
export function definitionsChanged(turn: Turn): void {
  if (turn.state.routes.way === 'external') tellWay(turn);
}

/**
 * How this node announces addresses. By how many there are in the cluster, which all nodes know alike: a handover between two
 * ways would leave clients without a route for a moment. An earlier version of srrd does not know AS-external LSAs: it would take a service
 * that is announced in one for a service without a route, and start it as well.
 */
export function decideRouteWay(turn: Turn): void {
  const { state } = turn;
  const { routes } = state;
  const next = wantsExternal(state) && ignorant(state) === undefined ? 'external' : 'stub';
  if (next === routes.way) return;
  routes.way = next;
  const what = next === 'external' ? 'AS-external LSAs' : 'stub links of the Router LSA';
  report(turn, 'info', null, `announces addresses as ${what} from now on (\`announce: ${state.settings.announce}\`)`);
  tellWay(turn);
}

function wantsExternal(state: NodeState): boolean {
  const { announce } = state.settings;
  if (announce !== 'auto') return announce === 'external';
  return state.view.addresses.size > (state.routes.way === 'external' ? FEW_ADDRESSES : MANY_ADDRESSES);
}

/** A node that does not count AS-external LSAs. */
function ignorant({ view }: NodeState) {
  return [...view.nodes.values()].find(
    ({ reachable, daemon, daemonPresence }) =>
      reachable && daemon !== null && daemonPresence === 'held' && (daemon.capabilities & COUNTS_EXTERNAL_ROUTES) === 0,
  );
}

function tellWay(turn: Turn): void {
  emit(turn, { type: 'route-way', way: turn.state.routes.way, addresses: addressesHere(turn.state) });
}

function addressesHere({ replicas }: NodeState): Ipv4Address[] {
  return [...replicas.values()].flatMap(({ removed, definition }) => (removed ? [] : definition.addresses));
}
