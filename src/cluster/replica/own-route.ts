import { addressIsMissing, OWN_ROUTE_MS } from '../exclusion/index.js';
import type { Replica, Turn } from '../state/index.js';
import { beginStopping } from './stopping.js';

export function ownRouteTimeEnded(turn: Turn, replica: Replica): void {
  const { self, phase } = turn.state;
  replica.routeMissing = false;
  const runs = replica.run === 'starting' || replica.run === 'started';
  if (self === null || !runs || replica.alias !== 'up' || replica.routeWithheld || phase === 'alone') return;
  if (!addressIsMissing(turn.state, self, replica.definition.addresses)) return;
  const reason = `${replica.definition.addresses.join(', ')}: not announced by ospfd ${OWN_ROUTE_MS / 1000} s after it was put up`;
  replica.failing = { code: 'route-missing', reason };
  beginStopping(turn, replica, reason);
}
