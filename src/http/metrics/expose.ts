import {
  type Count,
  countsOf,
  FAMILIES,
  type Family,
  type FamilyName,
  type HistogramReading,
  type Readings,
} from '../../metrics/index.js';
import type { StatusDocument } from '../status-document.js';
import { type Certificates, certificateCounts, processCounts, statusCounts } from './gauges.js';

export interface Exposed {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Everything as Prometheus' text. prom-client is loaded when it is first asked for, and only where this is called: 120 ms that
 * no failover should wait for. Each scrape shows what is, so its registry is made anew, from plain data of another thread.
 */
export async function expose(status: StatusDocument, readings: Readings, certificates: Certificates): Promise<Exposed> {
  const { default: promClient } = await import('prom-client');
  const { AggregatorRegistry } = promClient;
  const counts: Readings['counts'] = {
    ...readings.counts,
    ...unpacked(readings),
    ...statusCounts(status),
    ...certificateCounts(certificates),
    ...processCounts(),
  };
  const families = Object.entries(FAMILIES).map(([name, family]) => ({
    name,
    type: family.type,
    help: family.help,
    aggregator: 'first',
    values:
      family.type === 'histogram'
        ? (readings.histograms[name as FamilyName] ?? []).flatMap((each) => histogramValues(name, family, each))
        : (counts[name as FamilyName] ?? []).map(([labels, value]: Count) => ({
            labels: named(family, labels),
            value,
          })),
  }));
  const registry = AggregatorRegistry.aggregate([families]);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function unpacked({ counted }: Readings): Readings['counts'] {
  return Object.fromEntries(Object.entries(counted).map(([family, packed]) => [family, countsOf(packed)]));
}

/** Prometheus' buckets count everything up to their bound. */
function histogramValues(name: string, family: Family, { labels, bounds, counts, sum, count }: HistogramReading) {
  const shared = named(family, labels);
  let below = 0;
  const buckets = bounds.map((le, index) => {
    below += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...shared, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...shared, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels: shared, value: sum },
    { metricName: `${name}_count`, labels: shared, value: count },
  ];
}

function named({ labels }: Family, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
}
