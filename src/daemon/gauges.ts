import type { AlertState, Alerts } from '../alerts/index.js';
import type { Count, Readings } from '../metrics/index.js';
import type { RememberedDoctor } from './doctor.js';
import type { Modules } from './modules.js';

/** What is not counted as it happens, but read when somebody asks. */
export function readGauges(
  { transport, loop }: Pick<Modules, 'transport' | 'loop'>,
  doctor: Pick<RememberedDoctor, 'last'>,
  alerts: Pick<Alerts, 'states'> | null,
): Readings['counts'] {
  const { flooded, merged } = transport.floodTotals;
  return {
    srrd_floods_total: [[[], flooded]],
    srrd_floods_merged_total: [[[], merged]],
    srrd_core_events_waiting: [[[], loop.waiting]],
    ...doctorCounts(doctor),
    ...alertCounts(alerts?.states() ?? []),
  };
}

function doctorCounts({ last }: Pick<RememberedDoctor, 'last'>): Readings['counts'] {
  if (last === null) return {};
  const { findings } = last.report;
  const found = (level: string): Count => [[level], findings.filter((finding) => finding.level === level).length];
  return {
    srrd_doctor_findings: ['broken', 'change', 'fine'].map(found),
    srrd_doctor_last_run_timestamp_seconds: [[[], last.unixSeconds]],
  };
}

function alertCounts(states: readonly AlertState[]): Readings['counts'] {
  const each = (value: (state: AlertState) => number) => states.map((state): Count => [[state.name], value(state)]);
  return {
    srrd_alerts_sent_total: each(({ sent }) => sent),
    srrd_alert_attempts_failed_total: each(({ failed }) => failed),
    srrd_alerts_dropped_total: each(({ dropped }) => dropped),
    srrd_alerts_waiting: each(({ waiting }) => waiting),
  };
}
