/**
 * What this node says of itself and its replicas, and when that is news.
 *
 * It must not know how announcements travel, nor what others make of them.
 */
export {
  announceAnew,
  announceReplica,
  hearDaemonEcho,
  hearEcho,
  nextSequence,
  refreshReplica,
  withdrawReplica,
} from './announcing.js';
export { shownFailure, shownFailures } from './dependency-failure.js';
export { endTurn } from './end-turn.js';
export { nextEpoch } from './epoch.js';
export { definitionsChanged, mayChangeRouteWay } from './route-way.js';
export { nodesChanged } from './versions.js';
