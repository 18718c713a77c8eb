import type { FailureCode } from '../tables/index.js';

/** What an operator or the daemon has made of a replica's configuration (thesis 5.4.3). Only `active` is flooded. */
export type ConfigState = 'disabled' | 'inactive' | 'injected' | 'active' | 'deactivated' | 'failed';

/** What the service itself is doing on this node (thesis 5.4.3). */
export type RunState = 'stopped' | 'starting' | 'started' | 'stopping' | 'failed';

export interface Failure {
  readonly code: FailureCode;
  /** One line for people: the last line that the primitive printed, or what else went wrong. */
  readonly reason: string;
}
