/**
 * One service on this node, from `disabled` to `started` and back: its states, its primitives, its checks, its address.
 *
 * It must not know who is elected, only whether it is wanted; nor how other nodes are watched.
 */
export { checkDue } from './checks.js';
export { forgetFailures } from './failures.js';
export { whatHandoverWaitsFor } from './handover.js';
export { callJob } from './jobs.js';
export { aliasFailed, injectionRefused, primitiveEnded } from './outcomes.js';
export { ownRouteTimeEnded } from './own-route.js';
export { advance, newReplica } from './replica.js';
export { refuseRequests, requestPrimitive, whyNotRequested } from './requests.js';
export { endFailure, retryDue } from './retry.js';
export { useDefinition } from './use-definition.js';
export { whatVerifyingWaitsFor } from './verifying.js';
export { whatWatchWaitsFor } from './watch.js';
export { watchEnded } from './watch-ended.js';
