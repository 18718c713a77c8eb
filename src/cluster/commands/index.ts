/**
 * What operators ask for, here and from other nodes: each command once, and refused with the reason.
 *
 * It must not know who asks over which interface, nor whether they may; of what another node sends it is asked what that node may have done here (permitted.ts).
 */
export { answerAtOnce, type Commanded, commandedHere, onStandby, SHUTTING_DOWN, stillStopping } from './at-once.js';
export { handleCommand } from './commands.js';
export { whyNotConfirmed } from './confirm-stopped.js';
export { recallIssuers } from './issuers.js';
export {
  commandExpired,
  commandUnanswered,
  noRemoteCommands,
  readOutcomes,
  skipForeignNonce,
  takeCommand,
  whyNotAsked,
  whyNotSent,
} from './remote-commands.js';
export { labelOf, whyPreferred } from './take-over.js';
