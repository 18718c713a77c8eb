/**
 * What there is to measure, counted in the daemon's thread as plain numbers (docs/metrics.md).
 *
 * Counting costs the same however large the cluster is. Nothing here may wait or decide, and it must not know how metrics are asked for
 * or written: the web thread turns them into text.
 */

export { FAMILIES, type Family, type FamilyName } from './families.js';
export { MAX_LABELLED, Meters } from './meters.js';
export { type Count, countsOf, type HistogramReading, type Readings } from './readings.js';
