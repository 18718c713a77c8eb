/** A metric as Prometheus knows it. Durations are in seconds, and what only grows ends with `_total`. */
export interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every metric there is; docs/metrics.md lists the same. */
export const FAMILIES = {
  srrd_build_info: gauge('The version of srrd; always 1', 'version'),
  srrd_node_info: gauge('The names of the nodes that this one knows, itself too; always 1', 'router_id', 'node'),
  srrd_node_phase: gauge('The phase this node is in; always 1', 'phase'),
  srrd_node_reachable: gauge('1: the node can be reached, and its daemon is there', 'router_id', 'node'),
  srrd_node_standby: gauge('1: the node is on standby', 'router_id', 'node'),
  srrd_ospf_connected: gauge('1: there is a session with the API of ospfd'),
  srrd_ospf_ready: gauge('1: the LSDB is known, and there is a full neighbour'),
  srrd_ospf_full_neighbours: gauge('Adjacencies of this router that are full'),
  srrd_duplicate_router_ids: gauge('Router IDs that two routers use'),
  srrd_service_available: gauge('1: a node that can be reached says started', 'service'),
  srrd_service_owner: gauge(
    'The node that is the owner; always 1, absent without an owner',
    'service',
    'router_id',
    'node',
  ),
  srrd_replica_state: gauge('The state of the replica; always 1', 'service', 'router_id', 'node', 'state'),
  srrd_failovers_total: counter(
    'Services that were started on another node than before, as this node saw it',
    'service',
    'cause',
  ),
  srrd_failover_outage_seconds: histogram(
    'From the first word of the loss until the service was started on another node, as this node saw it',
    'cause',
  ),
  srrd_primitive_duration_seconds: histogram('How long primitives ran on this node', 'primitive'),
  srrd_primitives_total: counter('Primitives that ended on this node', 'primitive', 'result'),
  srrd_checks_total: counter('Checks that ended on this node', 'service', 'result'),
  srrd_events_total: counter('Events in the list of this node', 'kind'),
  srrd_lease_renewals_late_total: counter('How often the leases of this node were renewed too late'),
  srrd_addresses_lost_total: counter('Addresses of services that this node lost while it was the owner'),
  srrd_floods_total: counter('Changes of announcements that this node flooded'),
  srrd_floods_merged_total: counter(
    'Changes that were not flooded, since a newer one took their place while they waited',
  ),
  srrd_floods_held: gauge('Services of which a change waits for its turn'),
  srrd_lsdb_comparisons_total: counter('How often the copy of the LSDB was compared with that of ospfd'),
  srrd_lsdb_differences_total: counter('How often it differed'),
  srrd_event_loop_delay_max_seconds: gauge(
    'How late the event loop was at worst, in the present or the last full minute',
  ),
  srrd_core_events_waiting: gauge('Events that wait for the core'),
  srrd_problems: gauge(
    'What is wrong with definitions, the state directory, keys or alerts; srrctl status says it in words',
  ),
  srrd_certificate_expiry_timestamp_seconds: gauge(
    'When a certificate of the web server expires',
    'kind',
    'subject',
    'serial',
  ),
  srrd_doctor_findings: gauge('What the doctor found when it was last asked', 'level'),
  srrd_doctor_last_run_timestamp_seconds: gauge('When the doctor was last asked; absent: not since the start'),
  srrd_alerts_sent_total: counter('Alerts that their target has taken', 'alert'),
  srrd_alert_attempts_failed_total: counter('Attempts that did not succeed; what failed is tried again', 'alert'),
  srrd_alerts_dropped_total: counter('Alerts that were dropped: too many waited, or for too long', 'alert'),
  srrd_alerts_waiting: gauge('Alerts that wait for their target', 'alert'),
  process_cpu_seconds_total: counter('CPU time of srrd, of all its threads'),
  process_resident_memory_bytes: gauge('Memory of srrd'),
  process_start_time_seconds: gauge('When srrd was started'),
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;

function gauge(help: string, ...labels: readonly string[]): Family {
  return { type: 'gauge', help, labels };
}

function counter(help: string, ...labels: readonly string[]): Family {
  return { type: 'counter', help, labels };
}

function histogram(help: string, ...labels: readonly string[]): Family {
  return { type: 'histogram', help, labels };
}
