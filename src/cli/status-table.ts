import type { NodeStatus, ReplicaStatus, ServiceStatus, StatusDocument } from '../http/index.js';

/** The status as a table for people: a row per service, by group, and a column per node. */
export function describeStatus(status: StatusDocument): string {
  const parts = [describeNode(status), describeNodes(status), describeServices(status), describeFailures(status)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function describeNode({ node, ospf }: StatusDocument): string {
  const session = ospf.connected
    ? ospf.ready
      ? 'ospfd is ready'
      : 'ospfd has no full neighbour'
    : 'no connection to ospfd';
  return `${node.name} (${node.routerId ?? 'router ID not known yet'}): ${session}`;
}

function describeNodes({ node, nodes }: StatusDocument): string {
  const rows = nodes.map((other) => [
    other.name,
    other.routerId,
    other.routerId === node.routerId ? 'this node' : other.reachable ? 'reachable' : 'not reachable',
    other.web ?? '',
  ]);
  return rows.length === 0 ? '' : table([['NODE', 'ROUTER ID', 'STATE', 'WEB'], ...rows]);
}

function describeServices({ nodes, services }: StatusDocument): string {
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

function describeFailures({ nodes, services }: StatusDocument): string {
  const lines = services.flatMap(({ name, replicas }) =>
    replicas.flatMap(({ routerId, failure }) =>
      failure === null ? [] : [`  ${name} on ${nodeName(nodes, routerId)}: ${failure.code}: ${failure.reason}`],
    ),
  );
  return lines.length === 0 ? '' : ['FAILURES', ...lines].join('\n');
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

/** `started 100`: what it does and its preference; the configuration's state where that says more. */
function describeReplica(replica: ReplicaStatus | undefined): string {
  if (replica === undefined) return '-';
  const { config, state, preference } = replica;
  return config === 'active' ? `${state} ${preference}` : config;
}

function nodeName(nodes: readonly Column[], routerId: string): string {
  return nodes.find((node) => node.routerId === routerId)?.name ?? routerId;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
