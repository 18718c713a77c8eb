import { type FrrDaemon, VtyUnavailable } from '../vty/answer.js';
import type { VtyAddress } from '../vty/connection.js';
import { commandKind, filteredCommand } from './command-rules.js';
import {
  type Completion,
  type ConsoleConnection,
  isPlaceholder,
  type Limit,
  type OpenConsole,
} from './console-connection.js';
import type { Syntax } from './grammar.js';
import { nextWords, parseList } from './next-words.js';
import { type Asker, Sessions } from './sessions.js';
import { telnetConsole } from './telnet-console.js';
import { unixConsole } from './unix-console.js';

/** The daemons whose VTY people may use. */
export type ConsoleDaemon = Extract<FrrDaemon, 'zebra' | 'mgmtd' | 'ospfd'>;

export interface ConsoleRun {
  /** As far as it went: none after one that was refused or cut. */
  readonly answers: readonly { readonly command: string; readonly output: string; readonly refused: boolean }[];
  /** The output of the last one goes on, and is not shown. */
  readonly cut: boolean;
}

export interface VtyConsoleOptions {
  /** null: this FRR has no such daemon. */
  readonly vty: Readonly<Record<ConsoleDaemon, VtyAddress | null>>;
  /** Of all commands of a request together, in bytes. Default 1 MB. */
  readonly longestOutput?: number;
  /** For a whole request, in ms. Default 30 s. */
  readonly timeoutMs?: number;
  /** For one command of it, in ms. Default 5 s. */
  readonly commandTimeoutMs?: number;
}

const LONGEST_OUTPUT = 1024 * 1024;
const TIMEOUT_MS = 30_000;
/** FRR answers in milliseconds; a session in which it does not is dropped. */
const COMMAND_TIMEOUT_MS = 5_000;
/** A daemon's commands are those it was started with. */
const SYNTAX_KEPT_MS = 60_000;

/**
 * VTY sessions for people: each request has one of its own, opened for it and closed behind it, so that no command of a
 * person ever stands in the way of the sessions that put aliases up.
 */
export class VtyConsole {
  readonly #vty: VtyConsoleOptions['vty'];
  readonly #longestOutput: number;
  readonly #timeoutMs: number;
  readonly #commandTimeoutMs: number;
  readonly #sessions = new Map<ConsoleDaemon, Sessions>();
  readonly #syntax = new Map<string, { readonly commands: readonly Syntax[]; readonly untilMs: number }>();

  constructor(options: VtyConsoleOptions) {
    this.#vty = options.vty;
    this.#longestOutput = options.longestOutput ?? LONGEST_OUTPUT;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#commandTimeoutMs = options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS;
  }

  /**
   * Gives the commands one after the other in one session, which ends with the last, with the first that is refused, or
   * when there is too much output. Throws VtyUnavailable or ConsoleBusy. The commands must have been checked.
   */
  run(daemon: ConsoleDaemon, commands: readonly string[], asker: Asker): Promise<ConsoleRun> {
    const privileged = commands.some((command) => commandKind(command) !== 'show');
    return this.#within(daemon, asker, privileged, async (connection, deadlineMs) => {
      const answers: { command: string; output: string; refused: boolean }[] = [];
      let left = this.#longestOutput;
      for (const [index, command] of commands.entries()) {
        const { text, include } = filteredCommand(command);
        const answer = await this.#exec(connection, text, this.#limit(deadlineMs, left), index === commands.length - 1);
        const output = include === null || answer.refused ? answer.text : linesWith(include, answer.text);
        answers.push({ command, output, refused: answer.refused });
        left -= Buffer.byteLength(answer.text);
        if (answer.cut || answer.refused) return { answers, cut: answer.cut };
      }
      return { answers, cut: false };
    });
  }

  /**
   * What may stand at the end of the line: by the daemon's own `?` over TCP, with its explanations; over the UNIX socket,
   * which has no `?`, by the syntax that the daemon's `list` gives. Throws VtyUnavailable or ConsoleBusy.
   */
  complete(daemon: ConsoleDaemon, line: string, asker: Asker, configuring: boolean): Promise<Completion[]> {
    const privileged = asker.isAdmin;
    if (line.includes('|')) return Promise.resolve([]);
    const key = `${daemon} ${privileged} ${configuring}`;
    const known = this.#syntax.get(key);
    if (known !== undefined && known.untilMs > performance.now())
      return Promise.resolve(wordsFor(known.commands, line));
    return this.#within(daemon, asker, privileged || configuring, async (connection, deadlineMs) => {
      const limit = this.#limit(deadlineMs, this.#longestOutput);
      if (configuring) await connection.exec('configure terminal', limit);
      const helped = connection.help(line, limit);
      if (helped !== null) return await helped;
      const { text } = await connection.exec('list', limit);
      const commands = parseList(text);
      this.#syntax.set(key, { commands, untilMs: performance.now() + SYNTAX_KEPT_MS });
      return wordsFor(commands, line);
    });
  }

  #limit(deadlineMs: number, bytes: number): Limit {
    return { deadlineMs: Math.min(deadlineMs, performance.now() + this.#commandTimeoutMs), bytes };
  }

  async #exec(connection: ConsoleConnection, command: string, limit: Limit, last: boolean) {
    try {
      return await connection.exec(command, limit);
    } catch (error) {
      // FRR ends the session for it, without a word.
      const leaves = /^(exit|quit)\b/.test(command.trim());
      if (leaves && last && error instanceof VtyUnavailable) return { text: '', refused: false, cut: false };
      throw error;
    }
  }

  async #within<T>(
    daemon: ConsoleDaemon,
    asker: Asker,
    privileged: boolean,
    work: (connection: ConsoleConnection, deadlineMs: number) => Promise<T>,
  ): Promise<T> {
    const open = this.#opener(daemon);
    const sessions = this.#sessions.get(daemon) ?? new Sessions(daemon);
    this.#sessions.set(daemon, sessions);
    const leave = sessions.enter(asker);
    const deadlineMs = performance.now() + this.#timeoutMs;
    let connection: ConsoleConnection | undefined;
    try {
      connection = await open(privileged, this.#limit(deadlineMs, this.#longestOutput));
      return await work(connection, deadlineMs);
    } finally {
      connection?.close();
      leave();
    }
  }

  #opener(daemon: ConsoleDaemon): OpenConsole {
    const address = this.#vty[daemon];
    if (address === null) throw new VtyUnavailable(daemon, 'this FRR has no such daemon');
    return address.kind === 'unix' ? unixConsole(daemon, address.path) : telnetConsole(daemon, address);
  }
}

function linesWith(words: string, text: string): string {
  return text
    .split('\n')
    .filter((line) => line.includes(words))
    .map((line) => `${line}\n`)
    .join('');
}

function wordsFor(commands: readonly Syntax[], line: string): Completion[] {
  const words = line
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const begun = line === '' || line.endsWith(' ') ? '' : (words.pop() ?? '');
  return nextWords(commands, words)
    .map((word) => ({ word, help: '', placeholder: isPlaceholder(word) }))
    .filter(({ word, placeholder }) => (begun === '' ? true : !placeholder && word.startsWith(begun)));
}
