import { connect, type Socket } from 'node:net';
import { Telnet } from 'telnet-client';
import { type FrrDaemon, type VtyAnswer, VtyUnavailable } from './answer.js';
import type { OpenVty, VtyAddress, VtyConnection } from './connection.js';

type TcpAddress = Extract<VtyAddress, { kind: 'tcp' }>;

const PASSWORD_PROMPT = /Password: $/;
/** What ends the answer to a password, and to `enable`, which asks for one only where one is configured. */
const LOGIN_PROMPT = /(?:Password: |[>#] )$/;
/** Until the host name is known. FRR's prompt is `HOST> `, `HOST# ` or `HOST(config-router)# `. */
const ANY_PROMPT = /(?:^|\n)[^\s<>#]+[>#] $/;
const LONGEST_ANSWER = 16 * 1024 * 1024;
/** FRR writes an answer without pauses: what ends like a prompt and stays so for this long is one. */
const PROMPT_STANDS_MS = 30;
/** Host names are shorter. */
const LONGEST_PROMPT = 300;

/** A VTY over TCP: login with `password`, then `enable`. FRR sends no status there, only text. */
export function telnetVty(daemon: FrrDaemon, address: TcpAddress): OpenVty {
  return async (timeoutMs, onClosed) => {
    const where = `${address.host} port ${address.port}`;
    const vty = new TelnetVty(daemon, connect(address.port, address.host), onClosed);
    try {
      await vty.login(address, timeoutMs);
    } catch (error) {
      vty.close();
      throw error instanceof VtyUnavailable ? new VtyUnavailable(daemon, `${where}: ${error.reason}`) : error;
    }
    return vty;
  };
}

class TelnetVty implements VtyConnection {
  readonly #telnet = new Telnet();
  #prompt = ANY_PROMPT;
  #tail = '';
  #otherPrompt: NodeJS.Timeout | undefined;
  #ended: string | undefined;
  #rejectPending: ((error: Error) => void) | undefined;
  #loggedIn = false;
  #closedByUs = false;

  constructor(
    readonly daemon: FrrDaemon,
    readonly socket: Socket,
    onClosed: (reason: string) => void,
  ) {
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => {
      this.#end('the session was closed');
      if (this.#loggedIn && !this.#closedByUs) onClosed(this.#ended ?? 'the session was closed');
    });
  }

  /** telnet-client's own login wants each prompt in one piece, so it is given a socket that has been greeted. */
  async login({ password, enablePassword }: TcpAddress, timeoutMs: number): Promise<void> {
    await this.#within(timeoutMs, 'no request for a password; FRR needs a line `password`', this.#greeting());
    await this.#telnet.connect({
      sock: this.socket,
      encoding: 'utf8',
      maxBufferLength: LONGEST_ANSWER,
      stripShellPrompt: false,
      // 0: telnet-client's own limits are off, ours also notices a closed session at once.
      timeout: 0,
      execTimeout: 0,
    });
    const loggedIn = await this.#send(password, 'the password', timeoutMs, LOGIN_PROMPT);
    if (PASSWORD_PROMPT.test(loggedIn))
      throw new VtyUnavailable(this.daemon, 'it does not take the password; check it');
    let enabled = await this.#send('enable', 'enable', timeoutMs, LOGIN_PROMPT);
    if (PASSWORD_PROMPT.test(enabled)) {
      enabled = await this.#send(enablePassword ?? password, 'the enable password', timeoutMs, LOGIN_PROMPT);
    }
    if (PASSWORD_PROMPT.test(enabled)) {
      throw new VtyUnavailable(this.daemon, 'it does not take the enable password; check it');
    }
    this.#learnPrompt(await this.#send('terminal length 0', 'terminal length 0', timeoutMs, ANY_PROMPT));
    this.socket.on('data', (bytes: Buffer) => this.#watchPrompt(bytes));
    this.#loggedIn = true;
  }

  async exec(text: string, timeoutMs: number): Promise<VtyAnswer> {
    const answer = await this.#send(text, text, timeoutMs, this.#prompt);
    return { text: withoutPrompt(answer), status: null };
  }

  close(): void {
    this.#closedByUs = true;
    this.#end('closed');
    this.socket.destroy();
  }

  #greeting(): Promise<void> {
    return new Promise((resolve) => {
      let greeting = '';
      const read = (bytes: Buffer): void => {
        greeting = (greeting + bytes.toString('latin1')).slice(-1_000);
        if (!PASSWORD_PROMPT.test(greeting)) return;
        this.socket.off('data', read);
        resolve();
      };
      this.socket.on('data', read);
    });
  }

  /** The answer without the echoed command, with the prompt that ended it. `called`: its name in errors. */
  async #send(text: string, called: string, timeoutMs: number, prompt: RegExp): Promise<string> {
    return this.#within(timeoutMs, `no answer to "${called}"`, this.#telnet.exec(text, { shellPrompt: prompt }));
  }

  /** Ends with the promise, the limit, or the session, whichever comes first. A failed session is of no more use. */
  async #within<T>(timeoutMs: number, otherwise: string, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${otherwise} within ${timeoutMs} ms`)), timeoutMs);
        this.#rejectPending = reject;
        promise.then(resolve, reject);
        if (this.#ended !== undefined) reject(new Error(this.#ended));
      });
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
      this.socket.destroy();
      throw new VtyUnavailable(this.daemon, this.#ended ?? otherwise);
    } finally {
      clearTimeout(timer);
      this.#rejectPending = undefined;
    }
  }

  /** With the host name in it, a prompt is not mistaken for a line of an answer that arrives in pieces. */
  #learnPrompt(prompt: string): void {
    const host = /([^\s<>#]+)[>#] $/.exec(prompt)?.[1];
    if (host !== undefined) this.#prompt = new RegExp(`(?:^|\\n)${escapeForRegExp(host)}(?:\\([a-z0-9-]+\\))?[>#] $`);
  }

  /** `hostname` changes the prompt while the session is open. The session ends, and whoever asked begins another. */
  #watchPrompt(bytes: Buffer): void {
    clearTimeout(this.#otherPrompt);
    this.#tail = (this.#tail + bytes.toString('latin1').replaceAll('\r', '')).slice(-LONGEST_PROMPT);
    if (!ANY_PROMPT.test(this.#tail) || this.#prompt.test(this.#tail)) return;
    this.#otherPrompt = setTimeout(() => {
      this.#end("FRR's host name has changed");
      this.socket.destroy();
    }, PROMPT_STANDS_MS);
  }

  #end(why: string): void {
    clearTimeout(this.#otherPrompt);
    this.#ended ??= why;
    this.#rejectPending?.(new Error(this.#ended));
  }
}

function withoutPrompt(answer: string): string {
  const lines = answer.replaceAll('\r', '').split('\n');
  lines.pop();
  return lines.map((line) => `${line}\n`).join('');
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
