/** A file is wrong. The message lists each problem on a line of its own, with file, line, key and what was expected. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly file: string;
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
    this.file = file;
    this.problems = problems;
  }
}

/** What a failed system call says, without the path that the caller names anyway: `ENOENT: no such file or directory`. */
export function systemErrorText(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '[^']*')?( -> '[^']*')?$/, '') : String(error);
}
