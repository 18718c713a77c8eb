import { Telnet } from 'telnet-client';
import { type FrrDaemon, type VtyAnswer, VtyUnavailable } from './answer.js';
import type { OpenVty, VtyAddress, VtyConnection } from './connection.js';

type TcpAddress = Extract<VtyAddress, { kind: 'tcp' }>;

const PASSWORD_PROMPT = /Password: $/;
/** At login telnet-client looks at one piece of input at a time, so the host name may be missing. */
const LOGIN_PROMPT = /[>#] $/;
/** What ends the answer to `enable`: a password is asked for only where one is configured. */
const ENABLE_PROMPT = /(?:Password: |[>#] )$/;
/** Until the host name is known. FRR's prompt is `HOST> `, `HOST# ` or `HOST(config-router)# `. */
const ANY_PROMPT = /(?:^|\n)[^\s<>#]+[>#] $/;
const LONGEST_ANSWER = 16 * 1024 * 1024;

/** A VTY over TCP: login with `password`, then `enable`. FRR sends no status there, only text. */
export function telnetVty(daemon: FrrDaemon, address: TcpAddress): OpenVty {
  return async (timeoutMs, onClosed) => {
    const vty = new TelnetVty(daemon, address, onClosed);
    try {
      await vty.login(timeoutMs);
    } catch (error) {
      vty.close();
      throw error;
    }
    return vty;
  };
}

class TelnetVty implements VtyConnection {
  readonly #telnet = new Telnet();
  #prompt = ANY_PROMPT;
  #ended: string | undefined;
  #rejectPending: ((error: Error) => void) | undefined;
  #loggedIn = false;
  #closedByUs = false;

  constructor(
    readonly daemon: FrrDaemon,
    readonly address: TcpAddress,
    onClosed: (reason: string) => void,
  ) {
    this.#telnet.on('error', (error: unknown) => this.#end(error instanceof Error ? error.message : String(error)));
    this.#telnet.on('close', () => {
      this.#end('the session was closed');
      if (this.#loggedIn && !this.#closedByUs) onClosed(this.#ended ?? 'the session was closed');
    });
  }

  async login(timeoutMs: number): Promise<void> {
    const { host, port, password, enablePassword } = this.address;
    const where = `${host} port ${port}`;
    try {
      await this.#withLimit(
        `no login at ${where} within ${timeoutMs} ms`,
        timeoutMs,
        this.#telnet.connect({
          host,
          port,
          password,
          // FRR asks for no user name.
          loginPrompt: /$^/,
          passwordPrompt: PASSWORD_PROMPT,
          shellPrompt: LOGIN_PROMPT,
          encoding: 'utf8',
          stripShellPrompt: false,
          maxBufferLength: LONGEST_ANSWER,
          // 0: telnet-client's own limits are off, ours also notices a closed session at once.
          timeout: 0,
          execTimeout: 0,
        }),
      );
    } catch (error) {
      throw new VtyUnavailable(this.daemon, `${where}: ${loginFailure(error)}`);
    }
    const asked = await this.#send('enable', 'enable', timeoutMs, ENABLE_PROMPT);
    if (PASSWORD_PROMPT.test(asked)) {
      const enabled = await this.#send(enablePassword ?? password, 'the enable password', timeoutMs, ENABLE_PROMPT);
      if (PASSWORD_PROMPT.test(enabled)) {
        throw new VtyUnavailable(this.daemon, `${where}: the VTY does not take the enable password; check it`);
      }
    }
    const prompt = await this.#send('terminal length 0', 'terminal length 0', timeoutMs, ANY_PROMPT);
    this.#learnPrompt(prompt);
    this.#loggedIn = true;
  }

  async exec(text: string, timeoutMs: number): Promise<VtyAnswer> {
    const answer = await this.#send(text, text, timeoutMs, this.#prompt);
    return { text: withoutPrompt(answer), status: null };
  }

  close(): void {
    this.#closedByUs = true;
    this.#end('closed');
    this.#telnet.getSocket()?.destroy();
  }

  /** The answer without the echoed command, with the prompt that ended it. */
  async #send(text: string, called: string, timeoutMs: number, prompt: RegExp): Promise<string> {
    if (this.#ended !== undefined) throw new VtyUnavailable(this.daemon, this.#ended);
    try {
      return await this.#withLimit(
        `no answer to "${called}" within ${timeoutMs} ms`,
        timeoutMs,
        this.#telnet.exec(text, { shellPrompt: prompt }),
      );
    } catch (error) {
      this.#telnet.getSocket()?.destroy();
      this.#end(reason(error));
      throw new VtyUnavailable(this.daemon, this.#ended ?? reason(error));
    }
  }

  /** Ends with the promise, the limit, or the session, whichever comes first. */
  #withLimit<T>(tooLate: string, timeoutMs: number, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(tooLate)), timeoutMs);
      this.#rejectPending = reject;
      promise.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        this.#rejectPending = undefined;
      });
    });
  }

  /** With the host name in it, a prompt is not mistaken for a line of an answer that arrives in pieces. */
  #learnPrompt(prompt: string): void {
    const host = /([^\s<>#]+)[>#] $/.exec(prompt)?.[1];
    if (host !== undefined) this.#prompt = new RegExp(`(?:^|\\n)${escapeForRegExp(host)}(?:\\([a-z0-9-]+\\))?[>#] $`);
  }

  #end(why: string): void {
    this.#ended ??= why;
    this.#rejectPending?.(new Error(this.#ended));
  }
}

function withoutPrompt(answer: string): string {
  const lines = answer.replaceAll('\r', '').split('\n');
  lines.pop();
  return lines.map((line) => `${line}\n`).join('');
}

function loginFailure(error: unknown): string {
  const why = reason(error);
  return /Socket (ends|closes)|session was closed/.test(why)
    ? 'the VTY ended the login: check the password, and that FRR has a line `password`'
    : why;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
