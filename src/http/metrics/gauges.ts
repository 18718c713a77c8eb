import type { Count, Readings } from '../../metrics/index.js';
import type { PkiDocument } from '../routes/pki.js';
import type { StatusDocument } from '../status-document.js';

export type Certificates = Pick<PkiDocument, 'own' | 'cas'>;

/** What the status says. */
export function statusCounts({ node, ospf, nodes, services, process }: StatusDocument): Readings['counts'] {
  const names = new Map(nodes.map(({ routerId, name }) => [routerId, name]));
  const who = (routerId: string): [string, string] => [routerId, names.get(routerId) ?? routerId];
  return {
    srrd_build_info: [[[process.version], 1]],
    srrd_node_info: nodes.map(({ routerId }): Count => [who(routerId), 1]),
    srrd_node_phase: [[[node.phase], 1]],
    srrd_node_reachable: nodes.map(({ routerId, reachable }): Count => [who(routerId), Number(reachable)]),
    srrd_node_standby: nodes.map(({ routerId, standby }): Count => [who(routerId), Number(standby)]),
    srrd_ospf_connected: single(Number(ospf.connected)),
    srrd_ospf_ready: single(Number(ospf.ready)),
    srrd_ospf_full_neighbours: single(ospf.fullNeighbours),
    srrd_duplicate_router_ids: single(process.duplicateRouterIds.length),
    srrd_service_available: services.map(({ name, owner }): Count => [[name], Number(owner !== null)]),
    srrd_service_owner: services.flatMap(({ name, owner }): Count[] =>
      owner === null ? [] : [[[name, ...who(owner)], 1]],
    ),
    srrd_replica_state: services.flatMap(({ name, replicas }) =>
      replicas.map(
        ({ routerId, config, state }): Count => [[name, ...who(routerId), config === 'active' ? state : config], 1],
      ),
    ),
    srrd_floods_held: single(process.floodsLimited.held.length),
    srrd_lsdb_comparisons_total: single(process.lsdbComparisons.done),
    srrd_lsdb_differences_total: single(process.lsdbComparisons.differed),
    srrd_event_loop_delay_max_seconds: single(process.eventLoopDelayMs / 1000),
    srrd_problems: single(process.problems.length),
  };
}

export function certificateCounts({ own, cas }: Certificates): Readings['counts'] {
  const expiry = (kind: string, { subject, serial, notAfter }: PkiDocument['cas'][number]): Count => [
    [kind, subject, serial],
    Date.parse(notAfter) / 1000,
  ];
  const all = [...(own === null ? [] : [expiry('own', own)]), ...cas.map((ca) => expiry('ca', ca))];
  return { srrd_certificate_expiry_timestamp_seconds: all };
}

/** Of the process as a whole, whichever thread asks. */
export function processCounts(): Readings['counts'] {
  const { user, system } = process.cpuUsage();
  return {
    process_cpu_seconds_total: single((user + system) / 1e6),
    process_resident_memory_bytes: single(process.memoryUsage.rss()),
    process_start_time_seconds: single(Math.round(Date.now() / 1000 - process.uptime())),
  };
}

function single(value: number): readonly Count[] {
  return [[[], value]];
}
