/**
 * What keeps two nodes from running one service at once: the gate, the assent, who was last seen to hold it, and whether
 * its route is there.
 *
 * It must not start or stop anything.
 */
export { assentOf, assentOwedBy } from './assent.js';
export { gateClosedBy, gateClosers, servesElsewhere, unconfirmedReplica } from './gate.js';
export { isHandingOver } from './handing-over.js';
export {
  answeredHolderExpired,
  confirmHolderStopped,
  forgetOutdatedHolders,
  holderAnswered,
  holderConfirmed,
  holderReachable,
  holderUnreachable,
  noteHolder,
  recallHolders,
  removeHolder,
  restartTakeoverDelays,
  resumeTakeoverDelays,
  takeoverDelayEnded,
  waitedHolders,
} from './holders.js';
export { persistHolders } from './holders-kept.js';
export { mayHold } from './may-hold.js';
export {
  addressIsMissing,
  noRoutes,
  OWN_ROUTE_MS,
  routeIsMissing,
  routesChanged,
  routeTimeEnded,
  watchOwnRoute,
  watchOwnRoutesAnew,
  watchRoute,
  watchRoutesOf,
} from './routes.js';
