/** What an operator or the daemon has made of a replica's configuration (thesis 5.4.3). Only `active` is flooded. */
export type ConfigState = 'disabled' | 'inactive' | 'injected' | 'active' | 'deactivated' | 'failed';

/** What the service itself is doing on this node (thesis 5.4.3). */
export type RunState = 'stopped' | 'starting' | 'started' | 'stopping' | 'failed';

/** Why a replica failed. Flooded as a number (docs/wire-format.md); `unknown` is a code of a newer version. */
export const FAILURE_CODES = [
  'activate-failed',
  'activate-timed-out',
  'injection-refused',
  'alias-failed',
  'alias-lost',
  'route-missing',
  'start-failed',
  'start-timed-out',
  'stop-failed',
  'stop-timed-out',
  'check-failed',
  'check-timed-out',
  'restart-failed',
  'dependency-failed',
  'deactivate-failed',
  'deactivate-timed-out',
  'watch-ended',
  'unknown',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

export interface Failure {
  readonly code: FailureCode;
  /** One line for people: the last line that the primitive printed, or what else went wrong. */
  readonly reason: string;
}
