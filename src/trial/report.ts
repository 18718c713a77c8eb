/** How one trial went. */
export interface TrialResult {
  /** Stable, for programs: `stop-first`. */
  readonly name: string;
  readonly title: string;
  /** `not-tried`: it does not apply to this service, or one before it has failed. */
  readonly verdict: 'passed' | 'failed' | 'not-tried';
  /** What was seen. */
  readonly text: string;
  /** What to change; null unless it failed. */
  readonly advice: string | null;
}

/** What one target took, over all calls that succeeded, in ms. */
export interface TargetTime {
  readonly target: string;
  readonly calls: number;
  readonly medianMs: number;
  readonly longestMs: number;
}

export interface TrialReport {
  readonly service: string;
  readonly makefile: string;
  /** Of the moments at which `start` was killed. */
  readonly seed: number;
  readonly results: readonly TrialResult[];
  readonly times: readonly TargetTime[];
  /** Files outside of the state directory that were written meanwhile, by whomever. */
  readonly writtenOutside: readonly string[];
}

export function isPassed({ results }: TrialReport): boolean {
  return results.every(({ verdict }) => verdict !== 'failed');
}
