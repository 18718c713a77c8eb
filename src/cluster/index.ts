/**
 * The core: who owns a service, and what this node must do about it.
 *
 * An event and the time go in; the next state and a list of effects come out. It knows no socket, clock, file, process
 * or log, and must not: whatever is hard to get right is here, where a test costs a microsecond.
 */
export type * from './announcement.js';
export type { NodeConfiguration } from './configurations.js';
export type { DefinitionConflict } from './conflicts.js';
export * from './definition.js';
export type * from './effect.js';
export { Engine } from './engine.js';
export type * from './event.js';
export { HAPPENING_KINDS, type Happening, type HappeningKind } from './happening.js';
export * from './persistence.js';
export { type RevocationHolder, revocationHolders } from './revocations.js';
export * from './router-id.js';
export type { SimulatedGroup } from './simulate.js';
export type { Settings } from './state.js';
export * from './states.js';
export type * from './status.js';
