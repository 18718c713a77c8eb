import type { ClusterStatus, SimulatedGroup } from '../cluster/index.js';
import type { CommandReply, CommandWish, Control, ProcessStatus, StatusDocument } from '../http/index.js';
import { lookUpNode } from './node-lookup.js';
import type { Requests } from './requests.js';

export interface ControlParts {
  readonly status: () => ClusterStatus;
  readonly simulate: (question: string) => readonly SimulatedGroup[] | string;
  readonly processStatus: () => ProcessStatus;
  /** The LSA (dotted quad) that carries this node's own announcement of a service; undefined: none does. */
  readonly ownLsaId: (service: string) => string | undefined;
  readonly requests: Requests;
}

/** What people and programs may ask of the daemon. */
export function createControl(parts: ControlParts): Control {
  return {
    status: () => statusDocument(parts),
    command: (wish) => command(parts, wish),
    simulate: parts.simulate,
  };
}

function statusDocument({ status, processStatus, ownLsaId }: ControlParts): StatusDocument {
  const cluster = status();
  const services = cluster.services.map((service) => ({
    ...service,
    replicas: service.replicas.map((replica) =>
      replica.routerId === cluster.node.routerId ? { ...replica, lsaId: ownLsaId(service.name) ?? null } : replica,
    ),
  }));
  return { ...cluster, services, process: processStatus() };
}

function command({ status, requests }: ControlParts, wish: CommandWish): Promise<CommandReply> {
  const { target, ...rest } = wish;
  const { node, nodes } = status();
  // Before ospfd has told our router ID, this node is known by its name alone.
  if (target === null || (node.routerId === null && target === node.name))
    return requests.ask({ ...rest, target: null });
  const found = lookUpNode(target, nodes);
  if ('problem' in found) return Promise.resolve({ outcome: 'refused', text: found.problem });
  return requests.ask({ ...rest, target: found.routerId });
}
