/**
 * The core: who owns a service, and what this node must do about it.
 *
 * An event and the time go in; the next state and a list of effects come out. It knows no socket, clock, file, process
 * or log, and must not: whatever is hard to get right is here, where a test costs a microsecond.
 */
export { Engine } from './engine.js';
export type {
  CommandEvent,
  Effect,
  Event,
  LiveSettings,
  PrimitiveContext,
  PrimitiveOutcome,
  RoutingEvent,
  Settings,
  Subject,
  Timer,
  TransportEvent,
} from './state/index.js';
export { timerKey } from './state/index.js';
export {
  type ClusterStatus,
  type DefinitionConflict,
  type NodeConfiguration,
  type NodeStatus,
  type ReplicaStatus,
  type RevocationHolder,
  revocationHolders,
  type ServiceStatus,
  type SimulatedGroup,
  type WhatIf,
} from './status/index.js';
