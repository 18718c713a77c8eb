import type { AlertConfiguration } from '../config/index.js';
import type { ClusterEvent } from '../events/index.js';
import { Duty, type Present } from './duty.js';
import { isFor, severityOf } from './severity.js';
import type { AlertState } from './thread/messages.js';
import type { AlertThread } from './thread/run-alert-thread.js';

export interface AlertsOptions {
  readonly alerts: readonly AlertConfiguration[];
  readonly thread: AlertThread;
  readonly self: () => string | null;
  readonly present: () => Present;
  readonly now?: () => number;
}

/** Hands to the thread what this node has to tell. */
export class Alerts {
  readonly #options: AlertsOptions;
  readonly #duty: Duty;
  readonly #now: () => number;

  constructor(options: AlertsOptions) {
    this.#options = options;
    this.#duty = new Duty(options.present);
    this.#now = options.now ?? (() => performance.now());
  }

  /** In the midst of a failover: compares, and posts at most. */
  heard(event: ClusterEvent): void {
    // A loss is looked at by whom it may concern even if no target wants it.
    if (this.#targets(event).length === 0 && event.kind !== 'member') return;
    for (const { event: due, repeated } of this.#duty.heard(event, this.#options.self(), this.#now())) {
      const targets = this.#targets(due);
      if (targets.length === 0) continue;
      this.#options.thread.post({ type: 'alert', targets, alert: { event: due, severity: severityOf(due), repeated } });
    }
  }

  states(): readonly AlertState[] {
    return this.#options.thread.states();
  }

  /** A sentence for each target that does not take what it should. What it once did not take is no problem any more. */
  problems(): string[] {
    return this.states().flatMap(({ name, waiting, dropped, trouble }) => {
      if (trouble === null) return [];
      return [
        `alert ${name}: ${waiting} wait and ${dropped} were dropped since the start; the last attempt failed: ${trouble}`,
      ];
    });
  }

  close(): Promise<void> {
    return this.#options.thread.close();
  }

  #targets(event: ClusterEvent): number[] {
    const severity = severityOf(event);
    return this.#options.alerts.flatMap((alert, index) => (isFor(alert, event, severity) ? [index] : []));
  }
}
