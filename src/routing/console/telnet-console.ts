import { connect, type Socket } from 'node:net';
import { type FrrDaemon, VtyUnavailable } from '../vty/answer.js';
import type { VtyAddress } from '../vty/connection.js';
import { AnswerReader } from './answer-reader.js';
import type { Completion, ConsoleAnswer, ConsoleConnection, Limit, OpenConsole } from './console-connection.js';
import { parseHelp } from './help-text.js';

type TcpAddress = Extract<VtyAddress, { kind: 'tcp' }>;

const PASSWORD_PROMPT = /Password: $/;
const PROMPT = /(?:^|\n)([^\s<>#()]+)(?:\([a-z0-9-]+\))?[>#] $/;
const ANY_PROMPT = /Password: $|(?:^|\n)[^\s<>#]+[>#] $/;
/** RFC 854: IAC, a command of 251 to 254, an option. FRR sends some in its greeting. */
const NEGOTIATION = /\xff[\xfb-\xfe]./gs;
/** Control-U clears FRR's line. */
const CLEAR_LINE = '\x15';

/** A console over TCP: login with `password`, then `enable` if privileged. It answers `?` while a line is typed. */
export function telnetConsole(daemon: FrrDaemon, address: TcpAddress): OpenConsole {
  return async (privileged, limit) => {
    const socket = connect(address.port, address.host);
    const connection = new TelnetConsole(daemon, socket);
    try {
      await connection.login(address, privileged, limit);
    } catch (error) {
      connection.close();
      if (!(error instanceof VtyUnavailable)) throw error;
      throw new VtyUnavailable(daemon, `${address.host} port ${address.port}: ${error.reason}`);
    }
    return connection;
  };
}

class TelnetConsole implements ConsoleConnection {
  readonly #daemon: FrrDaemon;
  readonly #socket: Socket;
  readonly #reader: AnswerReader;
  /** With the host name, once it is known: a prompt is not mistaken for a line of an answer. */
  #prompt = PROMPT;

  constructor(daemon: FrrDaemon, socket: Socket) {
    this.#daemon = daemon;
    this.#socket = socket;
    this.#reader = new AnswerReader(daemon, socket);
  }

  async login({ password, enablePassword }: TcpAddress, privileged: boolean, limit: Limit): Promise<void> {
    await this.#until(PASSWORD_PROMPT, 'the greeting (FRR needs a line `password`)', limit);
    await this.#enter(password, 'the password', limit);
    if (privileged) {
      const asked = await this.#enter('enable', 'enable', limit, true);
      if (PASSWORD_PROMPT.test(asked)) await this.#enter(enablePassword ?? password, 'the enable password', limit);
    }
    const prompt = PROMPT.exec(await this.#enter('terminal length 0', 'terminal length 0', limit))?.[1];
    if (prompt !== undefined) this.#prompt = new RegExp(`(?:^|\\n)${escaped(prompt)}(?:\\([a-z0-9-]+\\))?[>#] $`);
  }

  async exec(command: string, limit: Limit): Promise<ConsoleAnswer> {
    this.#socket.write(`${command}\n`);
    const { text, cut } = await this.#until(this.#prompt, `"${command}"`, limit, PROMPT);
    const lines = text.split('\n').slice(1);
    if (!cut) lines.pop();
    const answer = lines.map((line) => `${line}\n`).join('');
    return { text: answer, cut, refused: answer.startsWith('%') };
  }

  async help(line: string, limit: Limit): Promise<Completion[]> {
    this.#socket.write(`${line}?`);
    // FRR writes the help, then the prompt and the line again, behind which one goes on typing.
    const { source } = this.#prompt;
    const again = new RegExp(`${source.slice(0, -1)}${escaped(line)}$`);
    const { text } = await this.#until(again, `"${line}?"`, limit);
    this.#socket.write(CLEAR_LINE);
    return parseHelp(text);
  }

  close(): void {
    this.#reader.close();
  }

  /** What came, up to the next prompt. Throws VtyUnavailable if a password is not taken. */
  async #enter(text: string, what: string, limit: Limit, mayAsk = false): Promise<string> {
    this.#socket.write(`${text}\n`);
    const { text: answer } = await this.#until(ANY_PROMPT, what, limit);
    if (!mayAsk && PASSWORD_PROMPT.test(answer)) {
      throw new VtyUnavailable(this.#daemon, `it does not take ${what}; check it`);
    }
    return answer;
  }

  /** `orQuiet`: ends an answer too if nothing follows: `hostname` changes the prompt. */
  async #until(end: RegExp, what: string, limit: Limit, orQuiet?: RegExp): Promise<{ text: string; cut: boolean }> {
    const isEnd = (tail: Buffer) => {
      const text = tail.toString('latin1').replaceAll('\r', '');
      return end.test(text) || (orQuiet?.test(text) === true && 'if-quiet');
    };
    const { bytes, cut } = await this.#reader.read(isEnd, what, limit);
    const text = Buffer.from(bytes.toString('latin1').replace(NEGOTIATION, ''), 'latin1').toString('utf8');
    return { text: text.replaceAll('\r', ''), cut };
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
