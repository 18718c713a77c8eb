import type { AlertConfiguration, Severity } from '../../config/index.js';
import type { ClusterEvent } from '../../events/index.js';

/** How long the thread may try once more what waits when the daemon ends, in ms. */
export const CLOSE_WITHIN_MS = 4_000;

/** An event for somebody outside. */
export interface Alert {
  readonly event: ClusterEvent;
  readonly severity: Severity;
  /** Another node may have told it before it was lost. */
  readonly repeated: boolean;
}

export interface Sender {
  readonly cluster: string;
  /** Of the node that tells. */
  readonly node: string;
}

export interface ThreadData {
  readonly sender: Sender;
  readonly alerts: readonly AlertConfiguration[];
}

/** How a target is doing. */
export interface AlertState {
  readonly name: string;
  readonly waiting: number;
  readonly sent: number;
  /** Attempts that did not succeed; what failed is tried again. */
  readonly failed: number;
  readonly dropped: number;
  /** Why the last attempt did not succeed; null: it did. */
  readonly trouble: string | null;
}

export type ToThread =
  /** `targets`: positions in the list of alerts. */
  | { readonly type: 'alert'; readonly alert: Alert; readonly targets: readonly number[] }
  /** Deliver what waits, if that goes at once, and end. */
  | { readonly type: 'close' };

export type FromThread =
  /** One more alert has arrived in its queues. */
  { readonly type: 'taken' } | { readonly type: 'state'; readonly target: number; readonly state: AlertState };
