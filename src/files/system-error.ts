/** What a failed system call says, without the path that the caller names anyway: `ENOENT: no such file or directory`. */
export function systemErrorText(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '[^']*')?( -> '[^']*')?$/, '') : String(error);
}
