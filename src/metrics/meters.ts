import type { ClusterEvent } from '../events/index.js';
import { Owners } from '../history/index.js';
import type { FamilyName } from './families.js';
import { Histogram } from './histogram.js';
import type { Counted, HistogramReading, Readings } from './readings.js';

/** So many sets of labels of one family are told apart; what comes beyond counts for the service ''. */
export const MAX_LABELLED = 4096;

const PRIMITIVE_BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const OUTAGE_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Counts what happens. Each call costs a look into a map. */
export class Meters {
  readonly #counts = new Map<FamilyName, Map<string, number>>();
  readonly #durations = new Map<string, Histogram>();
  readonly #outages = new Map<string, Histogram>();
  readonly #owners = new Owners();

  primitiveEnded(primitive: string, service: string, result: string, ms: number): void {
    this.#add('srrd_primitives_total', [primitive, result]);
    if (primitive === 'check') this.#add('srrd_checks_total', [service, result], ['', result]);
    observe(this.#durations, primitive, PRIMITIVE_BOUNDS, ms / 1000);
  }

  happened(event: ClusterEvent): void {
    this.#add('srrd_events_total', [event.kind]);
    if (event.kind === 'lease') {
      this.#add(event.service === null ? 'srrd_lease_renewals_late_total' : 'srrd_addresses_lost_total', []);
    }
    const failover = this.#owners.heard(event);
    if (failover === null) return;
    const { service, cause, outageMs } = failover;
    this.#add('srrd_failovers_total', [service, cause], ['', cause]);
    observe(this.#outages, cause, OUTAGE_BOUNDS, outageMs / 1000);
  }

  readings(gauges: Readings['counts']): Readings {
    const counted: Partial<Record<FamilyName, Counted>> = {};
    for (const [family, values] of this.#counts) {
      counted[family] = { labels: [...values.keys()].join('\0'), values: Float64Array.from(values.values()) };
    }
    return {
      counts: { ...ZEROES, ...gauges },
      counted,
      histograms: {
        srrd_primitive_duration_seconds: readingsOf(this.#durations),
        srrd_failover_outage_seconds: readingsOf(this.#outages),
      },
    };
  }

  /** `beyond`: the labels to count under when there are too many. */
  #add(family: FamilyName, labels: readonly string[], beyond = labels): void {
    const values = this.#counts.get(family) ?? new Map<string, number>();
    this.#counts.set(family, values);
    const key = labels.join('\n');
    const known = values.get(key);
    if (known !== undefined || values.size < MAX_LABELLED || beyond === labels) values.set(key, (known ?? 0) + 1);
    else this.#add(family, beyond);
  }
}

/** A counter without labels is there before it has counted anything: `increase` needs a first value. */
const ZEROES: Readings['counts'] = {
  srrd_lease_renewals_late_total: [[[], 0]],
  srrd_addresses_lost_total: [[[], 0]],
};

function observe(histograms: Map<string, Histogram>, label: string, bounds: readonly number[], value: number): void {
  const histogram = histograms.get(label) ?? new Histogram(bounds);
  histograms.set(label, histogram);
  histogram.observe(value);
}

function readingsOf(histograms: ReadonlyMap<string, Histogram>): HistogramReading[] {
  return [...histograms].map(([label, histogram]) => histogram.reading([label]));
}
