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

export const PROCESS_OUTPUT: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: () => {
    const { isTTY, columns = 80, rows = 24 } = process.stdout;
    return isTTY && process.env.TERM !== 'dumb' && process.env.TERM !== undefined ? { columns, rows } : null;
  },
};
