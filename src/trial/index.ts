/**
 * Tries out a service's folder before a cluster depends on it: `srrctl service try` (docs/service-try.md).
 *
 * Each trial puts the Makefile into a state that a crash, a second call or an operator can bring about, and looks at what is
 * left. It happens in namespaces of its own (network, processes, mounts), through the same runner that the daemon uses.
 * It must not know the core's rules, a running daemon, or how results are shown.
 */
export { isPassed, type TrialReport, type TrialResult } from './report.js';
export { type TrialOptions, tryService } from './try-service.js';
