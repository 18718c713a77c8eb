/**
 * Alerts: what happened, told to somebody outside of the cluster (docs/alerts.md).
 *
 * Which node tells is decided here (duty.ts), from events alone; delivering is done in a thread of its own, with a bounded queue for each
 * target. Nothing may wait for an alert. It must not know how events come about.
 */

export { Alerts, type AlertsOptions } from './alerts.js';
export { Duty, HOLD_MS } from './duty.js';
export { severityOf } from './severity.js';
export type { AlertState } from './thread/messages.js';
export { runAlertThread } from './thread/run-alert-thread.js';
