import type { Turn } from '../state/index.js';
import { announceDaemon } from './announcing.js';
import { raiseEpochAtEnd } from './epoch.js';
import { decideRouteWay } from './route-way.js';

/** What is decided once, when everything has been done that follows from an event. */
export function endTurn(turn: Turn): void {
  decideRouteWay(turn);
  raiseEpochAtEnd(turn);
  if (turn.daemonDirty || turn.daemonAsked) announceDaemon(turn);
}
