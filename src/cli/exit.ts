/** Exit codes (docs/srrctl.md). */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** What was to be said has been said; nothing remains but this exit code. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** What the command line, or a file that it names, asks for is wrong. The message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
