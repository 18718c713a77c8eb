/** What came back for one command. */
export interface ConsoleAnswer {
  /** Without echo and prompt; lines end in `\n`. */
  readonly text: string;
  /** FRR says that it did not do it: a `%` in front, or over the UNIX socket a status. */
  readonly refused: boolean;
  /** There was more than the limit; the rest is not here and the connection is closed. */
  readonly cut: boolean;
}

/** What may stand at the end of a line. */
export interface Completion {
  /** `neighbor`, or what stands for a value, such as `A.B.C.D`; `<cr>`: the line is complete. */
  readonly word: string;
  /** The daemon's explanation; empty where it gives none. */
  readonly help: string;
  /** It stands for a value and cannot be typed as it is. */
  readonly placeholder: boolean;
}

/** A VTY of its own for one request of a person. One command at a time; after a failure it is of no more use. */
export interface ConsoleConnection {
  /** Throws VtyUnavailable if there is no answer in time. */
  exec(command: string, limit: Limit): Promise<ConsoleAnswer>;
  /** What the daemon's own `?` says behind this line; null: this kind of VTY has none. */
  help(line: string, limit: Limit): Promise<Completion[]> | null;
  close(): void;
}

export interface Limit {
  /** By `performance.now()`. */
  readonly deadlineMs: number;
  readonly bytes: number;
}

/** `privileged`: enable mode; without it FRR itself refuses to change anything or to show its configuration. */
export type OpenConsole = (privileged: boolean, limit: Limit) => Promise<ConsoleConnection>;

/** FRR writes what stands for a value in capitals, with dots or as a range; words are in small letters. */
export function isPlaceholder(word: string): boolean {
  return word === '<cr>' || /^[(<]/.test(word) || /^[A-Z][A-Z0-9_.:/-]*(\.\.\.)?$/.test(word) || word === '...';
}
