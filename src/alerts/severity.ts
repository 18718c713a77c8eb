import type { AlertConfiguration, Severity } from '../config/index.js';
import type { ClusterEvent } from '../events/index.js';
import { SEVERITIES } from '../tables/index.js';

/** How much an event should worry people. */
export function severityOf({ kind, from, to }: ClusterEvent): Severity {
  switch (kind) {
    case 'failure':
      return to?.endsWith('/failed') ? 'critical' : 'warning';
    case 'lease':
      return 'critical';
    case 'member':
      if (to === 'unreachable' || to === 'silent') return 'critical';
      return to === 'reachable' || to === 'joined' || from === 'silent' ? 'info' : 'warning';
    case 'node':
      return to === 'isolated' ? 'critical' : to === 'alone' ? 'warning' : 'info';
    case 'state':
      return from === 'active/started' && to === null ? 'warning' : 'info';
    case 'command':
    case 'configuration':
      return 'info';
  }
}

/** Whether this is what the alert is for. */
export function isFor({ kinds, severity }: AlertConfiguration, event: ClusterEvent, its = severityOf(event)): boolean {
  return SEVERITIES.indexOf(its) >= SEVERITIES.indexOf(severity) && (kinds === null || kinds.includes(event.kind));
}
