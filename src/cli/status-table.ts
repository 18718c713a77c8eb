import type { ClusterStatus, NodeStatus, ReplicaStatus, ServiceStatus, SimulatedGroup } from '../cluster/index.js';
import type { ShownNode, StatusDocument } from '../http/index.js';
import { table } from './table.js';

type Shown = Omit<StatusDocument, 'process'> & Partial<Pick<StatusDocument, 'process'>>;

/** The status as a table for people: a row per service, by group, and a column per node; below it what is wrong. */
export function describeStatus(status: Shown): string {
  const parts = [
    [
      describeNode(status),
      ...(status.mixedVersions === undefined ? [] : [status.mixedVersions]),
      ...describeDuplicates(status.process),
      ...describeFloods(status.process),
      ...describeProblems(status.process),
    ].join('\n'),
    describeNodes(status),
    describeServices(status),
    listed('FAILURES', status, ({ failure }) => failure && `${failure.code}: ${failure.reason}`),
    listed('WAITING', status, ({ waitsFor }) => waitsFor && `for ${waitsFor}`),
    listed('NOT COUNTED', status, ({ reachable, notCounted }) => (reachable ? notCounted : null)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Where each group is and would be, and which of its members would run there. */
export function describeSimulation(groups: readonly SimulatedGroup[], nodes: readonly NodeStatus[]): string {
  const name = (routerId: string | null) => (routerId === null ? '-' : nodeName(nodes, routerId));
  const rows = groups.map(({ group, before, after, members }) => {
    const then = after === before && after !== null ? 'stays' : name(after);
    return [group, name(before), then, members.join(' ')];
  });
  if (rows.length === 0) return 'No service is known.\n';
  const refusals = groups.flatMap(({ group, refused }) => (refused === null ? [] : [`${group}: refused: ${refused}`]));
  return `${[table([['GROUP', 'NOW', 'THEN', 'RUNNING THEN'], ...rows]), ...refusals].join('\n')}\n`;
}

function describeNode({ node, ospf }: ClusterStatus): string {
  const session = ospf.connected
    ? `ospfd is connected, ${ospf.fullNeighbours} full neighbour${ospf.fullNeighbours === 1 ? '' : 's'}`
    : 'no connection to ospfd';
  return `${node.name} (${node.routerId ?? 'router ID not known yet'}): ${node.phase}; ${session}`;
}

/** How many services are named in one line. */
const MOST_NAMES = 5;

function describeFloods(process: StatusDocument['process'] | undefined): string[] {
  const { held, mergedLastMinute } = process?.floodsLimited ?? { held: [], mergedLastMinute: 0 };
  if (held.length + mergedLastMinute === 0) return [];
  const others = held.length - MOST_NAMES;
  const names = [...held.slice(0, MOST_NAMES), ...(others > 0 ? [`${others} others`] : [])].join(', ');
  const waiting = held.length === 0 ? 'none waits now' : `waiting: ${names}`;
  const changes = mergedLastMinute === 1 ? '1 change was' : `${mergedLastMinute} changes were`;
  return [`floods are limited: ${changes} merged in the last minute; ${waiting}`];
}

/** As many as fit above the table. */
const MOST_PROBLEMS = 5;

function describeDuplicates(process: StatusDocument['process'] | undefined): string[] {
  const ids = process?.duplicateRouterIds ?? [];
  return ids.map((id) => `two routers use the router ID ${id}: give one of them another one`);
}

function describeProblems(process: StatusDocument['process'] | undefined): string[] {
  const problems = process?.problems ?? [];
  const others = problems.length - MOST_PROBLEMS;
  const more = others > 0 ? [`this node: ${others} more problems, in the log`] : [];
  return [...problems.slice(0, MOST_PROBLEMS).map((problem) => `this node: ${problem}`), ...more];
}

function describeNodes({ node, nodes }: Shown): string {
  const rows = nodes.map((other) => [
    other.name,
    other.routerId,
    describeReach(other, node.routerId),
    describeWeb(other),
  ]);
  return rows.length === 0 ? '' : table([['NODE', 'ROUTER ID', 'STATE', 'WEB'], ...rows]);
}

function describeWeb({ web, webDoubt }: ShownNode): string {
  return `${web ?? ''}${webDoubt === null ? '' : ` (not confirmed: ${webDoubt})`}`;
}

function describeServices({ nodes, services }: ClusterStatus): string {
  if (services.length === 0) return 'No service is configured.';
  const columns = nodesWithReplicas(nodes, services);
  const header = ['GROUP', 'SERVICE', 'OWNER', ...columns.map((node) => node.name)];
  const sorted = [...services].sort((a, b) => compare(a.group, b.group) || compare(a.name, b.name));
  const rows = sorted.map((service, index) => [
    sorted[index - 1]?.group === service.group ? '' : service.group,
    service.name,
    service.owner === null ? '-' : nodeName(columns, service.owner),
    ...columns.map((node) => describeReplica(service.replicas.find(({ routerId }) => routerId === node.routerId))),
  ]);
  return table([header, ...rows]);
}

function describeReach(node: NodeStatus, self: string | null): string {
  const reach = node.routerId === self ? 'this node' : node.reachable ? 'reachable' : 'not reachable';
  const dropped = node.dropped === undefined ? [] : [`${node.dropped} announcements dropped`];
  return [reach, ...(node.standby ? ['standby'] : []), ...dropped].join(', ');
}

/** A heading, and a line for each replica of which there is something to say; empty if there is none. */
function listed(heading: string, status: ClusterStatus, say: (replica: ReplicaStatus) => string | null): string {
  const lines = status.services.flatMap(({ name, replicas }) =>
    replicas.flatMap((replica) => {
      const text = say(replica);
      return text === null ? [] : [`  ${name} on ${nodeName(status.nodes, replica.routerId)}: ${text}`];
    }),
  );
  return lines.length === 0 ? '' : [heading, ...lines].join('\n');
}

type Column = Pick<NodeStatus, 'name' | 'routerId'>;

/** The known nodes, then those of which only a replica is known. */
function nodesWithReplicas(nodes: readonly NodeStatus[], services: readonly ServiceStatus[]): Column[] {
  const columns: Column[] = [...nodes];
  for (const { routerId } of services.flatMap((service) => service.replicas)) {
    if (!columns.some((column) => column.routerId === routerId)) columns.push({ name: routerId, routerId });
  }
  return columns;
}

/** `started 100 pinned`: what it does, its preference, and what else decides; `inactive` where it is not active. */
function describeReplica(replica: ReplicaStatus | undefined): string {
  if (replica === undefined) return '-';
  if (!replica.reachable) return 'not reachable';
  if (replica.config !== 'active') return replica.config;
  const flags = [replica.pinned && 'pinned', replica.standby && 'standby', replica.joining && 'joining'];
  return [replica.state, replica.preference, ...flags.filter((flag) => flag !== false)].join(' ');
}

export function nodeName(nodes: readonly Column[], routerId: string): string {
  return nodes.find((node) => node.routerId === routerId)?.name ?? routerId;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
