import type { ConfigState, FailureCode, RunState, ServiceKind } from '../cluster/index.js';

/** What `GET /api/v1/status` answers and `srrctl status --json` prints (docs/operations.md). Router IDs are dotted quads. */
export interface StatusDocument {
  readonly node: { readonly routerId: string | null; readonly name: string };
  readonly ospf: { readonly connected: boolean; readonly ready: boolean };
  readonly nodes: readonly NodeStatus[];
  readonly services: readonly ServiceStatus[];
  readonly process: ProcessStatus;
}

export interface NodeStatus {
  readonly routerId: string;
  readonly name: string;
  readonly reachable: boolean;
  /** `address:port` of its web server; null: none. */
  readonly web: string | null;
}

export interface ServiceStatus {
  readonly name: string;
  readonly kind: ServiceKind;
  readonly group: string;
  /** The router ID of the replica that is started; null: none is. */
  readonly owner: string | null;
  readonly replicas: readonly ReplicaStatus[];
}

export interface ReplicaStatus {
  readonly routerId: string;
  readonly config: ConfigState;
  readonly state: RunState;
  readonly preference: number;
  readonly claim: number;
  readonly failure: { readonly code: FailureCode; readonly reason: string } | null;
  /** The LSA that carries the announcement; null: none does. */
  readonly lsaId: string | null;
  /** Unix seconds; 0: never checked. */
  readonly checkStamp: number;
}

/** How the answering daemon itself is doing. */
export interface ProcessStatus {
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** How late the event loop was in the last minute at worst. */
  readonly eventLoopDelayMs: number;
}
