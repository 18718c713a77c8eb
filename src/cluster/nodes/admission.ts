import { formatRouterId, type RouterId, type SharedDefinition } from '../../model/index.js';
import { report, type Turn } from '../state/index.js';
import { knownNode, nodeLabel, type View } from '../view/index.js';

/** So many services of one node are kept that are not configured here. */
export const MAX_SERVICES_OF_A_NODE = 2_048;
/** And so many replicas of all other nodes. */
export const MAX_REPLICAS = 16_384;
/** So many nodes that OSPF does not reach. */
export const MAX_NODES = 4_096;

/** And so many members of one group: how long an election takes grows with them. */
export const MAX_MEMBERS = 256;

/**
 * Whether there is room for a Service announcement (docs/limits.md). What is configured here is always heard: who may run it
 * depends on that. Of the rest the newest is dropped, which is said once for each node.
 */
export function admitsService(turn: Turn, origin: RouterId, definition: SharedDefinition): boolean {
  const { replicas, view } = turn.state;
  if (!admitsNode(turn, origin)) return false;
  if (replicas.has(definition.name)) return true;
  const exceeded = exceededLimit(view, origin, definition);
  if (exceeded === null) return true;
  knownNode(view, origin);
  noteDropped(turn, origin, `${exceeded} that are not configured here`);
  return false;
}

/** In words; null: there is room. */
function exceededLimit(view: View, origin: RouterId, { name, group }: SharedDefinition): string | null {
  const members = view.groups.get(group);
  if (members !== undefined && members.size >= MAX_MEMBERS && !members.has(name))
    return `the group ${group} has ${MAX_MEMBERS} members`;
  if (view.replicas.get(name)?.has(origin)) return null;
  const node = view.nodes.get(origin);
  if (node !== undefined && node.services.size - node.gone.size >= MAX_SERVICES_OF_A_NODE)
    return `it announces ${MAX_SERVICES_OF_A_NODE} services`;
  return view.size >= MAX_REPLICAS ? `all nodes together announce ${MAX_REPLICAS} services` : null;
}

/** Whether there is room for what a node announces. A node that OSPF reaches is known already. */
export function admitsNode(turn: Turn, origin: RouterId): boolean {
  const { view } = turn.state;
  if (view.nodes.has(origin) || view.nodes.size < MAX_NODES) return true;
  view.droppedNodes += 1;
  if (view.droppedNodes === 1) {
    report(
      turn,
      'warn',
      null,
      `${formatRouterId(origin)} and others: ${MAX_NODES} nodes are known, more are not heard`,
    );
  }
  return false;
}

/** Something that a node announced is dropped, because it is more than may be kept of one node. */
export function noteDropped(turn: Turn, origin: RouterId, why: string): void {
  const node = turn.state.view.nodes.get(origin);
  if (node === undefined) return;
  node.dropped += 1;
  if (node.dropped === 1) report(turn, 'warn', null, `${nodeLabel(node)}: ${why}: what exceeds that is dropped`);
}
