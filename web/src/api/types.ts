/** The documents of the API, by the types that the server declares; nothing else of it may come into the pages. */
export type {
  ClusterStatus,
  NodeConfiguration,
  ReplicaStatus,
  ServiceStatus,
} from '../../../src/cluster/index.js';
export type { DoctorReport, Finding } from '../../../src/doctor/index.js';
export type { ClusterEvent } from '../../../src/events/index.js';
export type {
  AvailabilityDocument,
  CommandsAnswer,
  DefinitionEntry,
  DefinitionProblem,
  PkiDocument,
  Role,
  SessionDocument,
  ShownNode as NodeStatus,
  SimulationDocument,
  SimulationQuestion,
  StatusDocument,
  StatusUpdate,
  Verdict,
} from '../../../src/http/index.js';
export type {
  Field,
  LsaDocument,
  LsaSummary,
  LsdbChange,
  TopologyAddress,
  TopologyDocument,
  TopologyLink,
} from '../../../src/lsdb/index.js';
export type { Completion, ConsoleDaemon } from '../../../src/routing/index.js';
