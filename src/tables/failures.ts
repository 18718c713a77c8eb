interface FailureRow {
  /**
   * Its number in a Service LSA. Written out instead of counted, so that a new row cannot change the wire; one that was used once is
   * never used again for something else.
   */
  readonly number: number;
  /** The service may still be running there. */
  readonly mayStillRun?: true;
}

/** Why a replica failed: what happened, and where it ends, is in docs/states-and-rules.md. */
export const FAILURES = {
  'activate-failed': { number: 1 },
  'activate-timed-out': { number: 2 },
  'injection-refused': { number: 3 },
  'alias-failed': { number: 4 },
  'alias-lost': { number: 5 },
  'route-missing': { number: 6 },
  'start-failed': { number: 7 },
  'start-timed-out': { number: 8 },
  'stop-failed': { number: 9, mayStillRun: true },
  'stop-timed-out': { number: 10, mayStillRun: true },
  'check-failed': { number: 11 },
  'check-timed-out': { number: 12 },
  'restart-failed': { number: 13 },
  'dependency-failed': { number: 14 },
  'deactivate-failed': { number: 15 },
  'deactivate-timed-out': { number: 16 },
  'watch-ended': { number: 17 },
  /** One of a newer version. Nodes of this one take it for a failure that has left nothing running. */
  unknown: { number: 0 },
} as const satisfies Readonly<Record<string, FailureRow>>;

export type FailureCode = keyof typeof FAILURES;

export const FAILURE_CODES = Object.keys(FAILURES) as FailureCode[];

export const FAILURE_NUMBERS = Object.fromEntries(
  Object.entries(FAILURES).map(([code, { number }]) => [code, number]),
) as Readonly<Record<FailureCode, number>>;

/** Whether a failure with this code may have left the service running. */
export function mayStillRun(code: FailureCode | undefined): boolean {
  const row: FailureRow | undefined = code && FAILURES[code];
  return row?.mayStillRun === true;
}
