/**
 * Running the primitives of services: one call of `make` each (docs/service-makefile.md).
 *
 * It knows processes, process groups and their output. It must not know states, elections, retries or what a primitive
 * is for: the core decides when to call, when to call again after a recall, and when to kill.
 */
export { type PrimitiveNode, serviceStateDir } from './environment.js';
export type { Leftover } from './leftovers.js';
export { isDead, processStat } from './process-group.js';
export { type PrimitiveRequest, PrimitiveRunner, type PrimitiveRunnerOptions, type WatchRequest } from './runner.js';
