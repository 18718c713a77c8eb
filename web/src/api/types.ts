import type { ClusterStatus, NodeStatus, ReplicaStatus, ServiceStatus } from '../../../src/cluster/status.js';

/** The shapes of the API (docs/operations.md). Where the server has a type, it is that type. */
export type { SimulationDocument } from '../../../src/http/control.js';
export type { StatusDocument } from '../../../src/http/status-document.js';
export type { ClusterStatus, NodeStatus, ReplicaStatus, ServiceStatus };

export type Role = 'viewer' | 'operator' | 'admin';

/** `GET /session`: who the asker is to this node. */
export interface Session {
  readonly user: string;
  readonly role: Role;
  readonly via: 'socket' | 'certificate' | 'loopback';
  readonly node: { readonly routerId: string | null; readonly name: string };
  readonly version: string;
  /** Nobody may change anything here: there is no TLS. */
  readonly readOnly: boolean;
}

/** The event `status` of `GET /stream`. */
export interface StatusUpdate {
  readonly node: ClusterStatus['node'];
  readonly ospf: ClusterStatus['ospf'];
  readonly nodes: readonly NodeStatus[];
  /** All of them if `complete`, else those that changed. */
  readonly services: readonly ServiceStatus[];
  readonly removed: readonly string[];
  readonly complete: boolean;
  /** ISO 8601. */
  readonly generatedAt: string;
  /** The services that a shutdown still waits for, each with what it does; null: the node is not ending. */
  readonly ending: readonly string[] | null;
  /** What is wrong with this node's definitions and its state directory, a sentence each. */
  readonly problems: readonly string[];
  /** Router IDs that two routers use. */
  readonly duplicateRouterIds: readonly string[];
}

export const EVENT_KINDS = ['state', 'command', 'failure', 'member', 'lease', 'node', 'configuration'] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** What happened in the cluster; `GET /events`, and the event `event` of the stream. */
export interface ClusterEvent {
  readonly seq: number;
  /** ISO 8601 with milliseconds. */
  readonly at: string;
  /** Router ID. */
  readonly node: string;
  readonly kind: EventKind;
  readonly service: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly operator: string | null;
  readonly text: string;
}

/** A definition as its file has it: durations as text, absent keys have their defaults. */
export type DefinitionFile = { readonly name: string } & Readonly<Record<string, unknown>>;

/** An entry of `GET /definitions`. */
export interface DefinitionEntry {
  readonly name: string;
  readonly file: string;
  readonly definition: DefinitionFile;
  /** The daemon works with exactly this; false: it waits until the service is inactive, or it is wrong. */
  readonly inForce: boolean;
  readonly problems: readonly string[];
  readonly editable: boolean;
  readonly whyNot: string | null;
}

export interface DefinitionProblem {
  /** `check.interval`; empty: the definition as a whole. */
  readonly key: string;
  readonly message: string;
}

/** `POST /definitions/validate`: what keeps it from being taken, and what may be meant and probably is not. */
export interface DefinitionVerdict {
  readonly problems: readonly DefinitionProblem[];
  readonly warnings: readonly DefinitionProblem[];
}

/** `GET /doctor`. */
export interface DoctorReport {
  readonly findings: readonly DoctorFinding[];
}

export interface DoctorFinding {
  readonly check: string;
  readonly level: 'broken' | 'change' | 'fine';
  readonly text: string;
  readonly remedies: readonly { readonly where: string; readonly lines: readonly string[] }[];
}
