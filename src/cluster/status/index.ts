/**
 * What people are shown: the status, what a replica waits for, what would happen if, and where definitions differ.
 *
 * It must not change anything.
 */
export { describeConfigurations, type NodeConfiguration } from './configurations.js';
export { type DefinitionConflict, definitionConflicts } from './conflicts.js';
export type { Impossible } from './impossible.js';
export { type RevocationHolder, revocationHolders } from './revocations.js';
export { type SimulatedGroup, simulate } from './simulate.js';
export {
  type ClusterStatus,
  describeHead,
  describeService,
  describeStatus,
  type NodeStatus,
  type ReplicaStatus,
  type ServiceStatus,
  serviceNames,
} from './status.js';
export { type WhatIf, whyNoAnswer } from './what-if.js';
