/** Where a program's text goes. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The terminal that `out` is, if it can be drawn on; undefined or null: a pipe, a file, or a terminal that cannot. */
  readonly terminal?: () => TerminalSize | null;
  /** Ends what would otherwise go on until the user ends it. */
  readonly signal?: AbortSignal;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** As a shell reports a program that SIGPIPE has ended. Node ignores that signal, and tells with an error instead. */
const ENDED_BY_SIGPIPE = 141;

/**
 * The output of this process. When nobody reads it any more (`| head`) the process ends in silence; when it cannot be
 * written for another reason, such as a full disk, it says so. Node alone would end with a stack trace.
 */
export function processOutput(program: string): Output {
  const stdout = once(() => process.stdout.on('error', (error) => endWithoutOutput(program, error)));
  // Where errors go, none can be told of.
  const stderr = once(() => process.stderr.on('error', () => {}));
  return {
    out: (text) => void stdout().write(text),
    err: (text) => void stderr().write(text),
    terminal: () => {
      const { isTTY, columns = 80, rows = 24 } = process.stdout;
      return isTTY && process.env.TERM !== 'dumb' && process.env.TERM !== undefined ? { columns, rows } : null;
    },
  };
}

function endWithoutOutput(program: string, error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(ENDED_BY_SIGPIPE);
  processOutput(program).err(`${program}: the output cannot be written: ${error.message}\n`);
  process.exit(1);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
