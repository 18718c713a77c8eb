import type { ClusterStatus, ServiceStatus, SimulatedGroup } from '../cluster/index.js';
import type { CommandReply, CommandWish, Control, ProcessStatus, StatusDocument } from '../http/index.js';
import { lookUpNode } from './node-lookup.js';
import type { Requests } from './requests.js';

export interface ControlParts {
  readonly status: () => ClusterStatus;
  readonly simulate: (question: string) => readonly SimulatedGroup[] | string;
  readonly processStatus: () => ProcessStatus;
  /** Adds what the core does not know of a service. */
  readonly complete: (service: ServiceStatus) => ServiceStatus;
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

function statusDocument({ status, processStatus, complete }: ControlParts): StatusDocument {
  const cluster = status();
  return { ...cluster, services: cluster.services.map(complete), process: processStatus() };
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
