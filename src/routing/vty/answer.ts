import type { VtyCommand } from './commands.js';

/** The daemons of FRR whose VTY is used. Interfaces are configured in zebra, from FRR 10 in mgmtd; bfdd is only asked. */
export type FrrDaemon = 'zebra' | 'mgmtd' | 'ospfd' | 'bfdd';

/** What came back for one command. */
export interface VtyAnswer {
  /** Without echo, prompt and status; lines end in `\n`. */
  readonly text: string;
  /** FRR's CMD_ status, 0 for success; null over TCP, where none is sent. */
  readonly status: number | null;
}

/** FRR refused a command. */
export class VtyRefusal extends Error {
  override readonly name = 'VtyRefusal';

  constructor(
    readonly daemon: FrrDaemon,
    readonly command: string,
    /** FRR's own words. */
    readonly answer: string,
  ) {
    super(`${daemon} refused "${command}": ${answer}`);
  }
}

/** There is no answer: the daemon is not there, closed the session, or was silent for too long. */
export class VtyUnavailable extends Error {
  override readonly name = 'VtyUnavailable';

  constructor(
    readonly daemon: FrrDaemon,
    readonly reason: string,
  ) {
    super(`${daemon} is not available by VTY: ${reason}`);
  }
}

/**
 * The text of a good answer. Throws VtyRefusal for one that begins with `%`, has a status other than 0, or is not
 * silent where success is silent: over TCP some refusals have neither (`There is already same network statement.`).
 */
export function checkAnswer(daemon: FrrDaemon, command: VtyCommand, answer: VtyAnswer): string {
  const words = answer.text.trim();
  const refused =
    words.startsWith('%') ||
    (answer.status !== null && answer.status !== 0) ||
    (command.kind === 'configure' && words !== '');
  if (!refused || command.harmless?.test(words)) return answer.text;
  throw new VtyRefusal(daemon, command.text, oneLine(words) || `status ${answer.status}, without a word`);
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, ' ').slice(0, 300);
}
