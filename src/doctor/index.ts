/**
 * Looks at this node as an expert would, and says what to change, with the exact lines (docs/doctor.md).
 *
 * Gatherers (gather/) look, side by side and each with a time limit, and parsers (parse/) read what they found; checks
 * (checks/) are pure functions from those facts to findings. It works without a running srrd, which is asked through a
 * function given from outside. It must not change anything (src/setup does), speak to ospfd's API, or know HTTP and
 * terminals.
 */
export { type DoctorReport, examine, judge } from './examine.js';
export type { DaemonView, Facts, OspfInterface } from './facts.js';
export type { Finding, Level, Remedy } from './finding.js';
export { gather, type Sources } from './gather/index.js';
export { inputChain, localPorts, outputChain, tableOf } from './nftables-rules.js';
export { describeReport } from './report.js';
