/**
 * Networks of real FRR in network namespaces, for tests, the demo and the benchmark. Linux, root, FRR installed.
 *
 * Builds hosts (routers, nodes, clients) and subnets, runs FRR and srrd in them, cuts and restores links, kills and
 * freezes processes, and probes services from a client, keeping every reply as raw data. What a lab made is gone when it
 * is destroyed or when its process ends; what a killed process left is cleared by the next lab.
 *
 * Must not know: anything under src/. srrd is a program here, used through its configuration, its CLI and the network.
 */

export {
  agreedOwner,
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  holders,
  ownerAtRest,
  ownerSeenBy,
  replicaSeenBy,
  startEverywhere,
} from './cluster.js';
export type { RunResult } from './command.js';
export type { Frr, FrrDaemon } from './frr.js';
export { WITHOUT_BFD_MS } from './frr-config.js';
export type { FrrChoice } from './frr-installation.js';
export type { Host } from './host.js';
export {
  type ClientOptions,
  createLab,
  type HostOptions,
  type Lab,
  type LabOptions,
  type NodeOptions,
} from './lab.js';
export { type LoopDelay, watchingTheLoop, worstLoopDelay } from './loop-delay.js';
export { bootMachine, type Machine, type MachineOptions } from './machine.js';
export type { ManagedProcess } from './managed-process.js';
export { type Outage, outageMs, type Probe, type ProbeOptions, type Reply } from './probe.js';
export type { Srrd, SrrdLogLine, SrrdReplica, SrrdStatus } from './srrd.js';
export type { CutKind, Link, Subnet, SubnetOptions } from './topology.js';
export { until } from './until.js';
