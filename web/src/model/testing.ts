import type { NodeStatus, ReplicaStatus, ServiceStatus } from '../api/types.js';
import type { ClusterPicture } from '../store/cluster.js';

/** For tests: a replica that is active and stopped, with these changes. */
export function replicaOf(routerId: string, changes: Partial<ReplicaStatus>): ReplicaStatus {
  return {
    routerId,
    config: 'active',
    state: 'stopped',
    preference: 100,
    claim: 0,
    pinned: false,
    standby: false,
    joining: false,
    failure: null,
    lsaId: null,
    checkStamp: 0,
    reachable: true,
    waitsFor: null,
    notCounted: null,
    impossible: {},
    ...changes,
  };
}

export function serviceOf(
  name: string,
  replicas: readonly ReplicaStatus[],
  changes: Partial<ServiceStatus> = {},
): ServiceStatus {
  const owner = replicas.find(({ state }) => state === 'started')?.routerId ?? null;
  return {
    name,
    kind: 'service',
    group: name,
    addresses: [],
    owner,
    elected: owner,
    waitsForHolders: [],
    replicas,
    ...changes,
  };
}

/** For tests: alpha, which is this node, and beta. */
export function pictureOf(services: readonly ServiceStatus[], beta: Partial<NodeStatus> = {}): ClusterPicture {
  const node = { reachable: true, web: null, webDoubt: null, standby: false };
  return {
    node: { routerId: '10.0.0.1', name: 'alpha', phase: 'member', standby: false },
    ospf: { connected: true, ready: true, fullNeighbours: 1 },
    nodes: [
      { routerId: '10.0.0.1', name: 'alpha', ...node },
      { routerId: '10.0.0.2', name: 'beta', ...node, ...beta },
    ],
    services: new Map(services.map((service) => [service.name, service])),
    ending: null,
    problems: [],
    duplicateRouterIds: [],
    generatedAt: 0,
  };
}
