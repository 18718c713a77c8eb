import type { ClusterStatus, ServiceStatus, SimulatedGroup, WhatIf } from '../cluster/index.js';
import type { CommandReply, CommandRequest, Control } from '../http/index.js';
import { lookUpNode } from './node-lookup.js';
import type { Requests } from './requests.js';

export interface ControlParts {
  /** The StatusDocument as JSON. */
  readonly document: () => Promise<string>;
  readonly head: () => Pick<ClusterStatus, 'node' | 'nodes'>;
  readonly service: (name: string) => ServiceStatus | undefined;
  readonly simulate: (whatIf: WhatIf) => readonly SimulatedGroup[] | string;
  readonly ask: Requests['ask'];
}

/** What people and programs may ask of the daemon. */
export function createControl(parts: ControlParts): Control {
  return {
    status: parts.document,
    service: parts.service,
    command: (request) => command(parts, request),
    simulate: (whatIf) => simulate(parts, whatIf),
  };
}

function command({ head, ask }: ControlParts, request: CommandRequest): Promise<CommandReply> {
  const { target, on, ...others } = request;
  const { node, nodes } = head();
  const holder = on === undefined ? undefined : lookUpNode(on, nodes);
  if (holder !== undefined && 'problem' in holder)
    return Promise.resolve({ outcome: 'unknown-node', text: holder.problem });
  const rest = holder === undefined ? others : { ...others, holder: holder.routerId };
  // Before ospfd has told our router ID, this node is known by its name alone.
  if (target === null || (node.routerId === null && target === node.name)) return ask({ ...rest, target: null });
  const found = lookUpNode(target, nodes);
  if ('problem' in found) return Promise.resolve({ outcome: 'unknown-node', text: found.problem });
  return ask({ ...rest, target: found.routerId });
}

function simulate({ head, simulate: ask }: ControlParts, whatIf: WhatIf<string>): readonly SimulatedGroup[] | string {
  const found = lookUpNode(whatIf.node, head().nodes);
  return 'problem' in found ? found.problem : ask({ ...whatIf, node: found.routerId });
}
