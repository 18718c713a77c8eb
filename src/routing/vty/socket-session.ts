import { connect, type Socket } from 'node:net';
import { type FrrDaemon, type VtyAnswer, VtyUnavailable } from './answer.js';
import type { OpenVty, VtyConnection } from './connection.js';

/** No answer that we ask for comes near; more is not FRR. */
const LONGEST_ANSWER = 16 * 1024 * 1024;
/** vtysh's protocol (FRR, vtysh/vtysh.c): after the text come three NULs and one byte of status. */
const NULS_BEFORE_STATUS = Buffer.alloc(3);

/** A VTY through FRR's UNIX socket, as vtysh uses it: a command and a NUL, then text, three NULs and a status. */
export function socketVty(daemon: FrrDaemon, path: string): OpenVty {
  return async (timeoutMs, onClosed) => {
    const socket = await open(daemon, path, timeoutMs);
    const vty = new SocketVty(daemon, socket, onClosed);
    await vty.login(timeoutMs);
    return vty;
  };
}

function open(daemon: FrrDaemon, path: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      socket.on('error', () => {});
      reject(new VtyUnavailable(daemon, `${path}: ${error.message}`));
    });
  });
}

class SocketVty implements VtyConnection {
  #received = Buffer.alloc(0);
  #pending: { resolve: (answer: VtyAnswer) => void; reject: (error: Error) => void } | undefined;
  #ended: string | undefined;
  #loggedIn = false;
  #closedByUs = false;

  constructor(
    readonly daemon: FrrDaemon,
    readonly socket: Socket,
    onClosed: (reason: string) => void,
  ) {
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => {
      this.#end('the session was closed');
      if (this.#loggedIn && !this.#closedByUs) onClosed(this.#ended ?? 'the session was closed');
    });
  }

  async login(timeoutMs: number): Promise<void> {
    await this.exec('enable', timeoutMs);
    this.#loggedIn = true;
  }

  exec(text: string, timeoutMs: number): Promise<VtyAnswer> {
    return new Promise<VtyAnswer>((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(new VtyUnavailable(this.daemon, this.#ended));
        return;
      }
      const timer = setTimeout(() => this.#break(`no answer to "${text}" within ${timeoutMs} ms`), timeoutMs);
      this.#pending = {
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.socket.write(`${text}\0`);
    });
  }

  close(): void {
    this.#closedByUs = true;
    this.#end('closed');
    this.socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    const textLength = this.#received.indexOf(NULS_BEFORE_STATUS);
    const length = textLength + NULS_BEFORE_STATUS.length + 1;
    if (this.#pending === undefined) {
      this.#break('it spoke without having been asked');
    } else if (this.#received.length > LONGEST_ANSWER) {
      this.#break(`an answer of more than ${LONGEST_ANSWER} bytes`);
    } else if (textLength >= 0 && this.#received.length > length) {
      this.#break('bytes after the end of an answer');
    } else if (textLength >= 0 && this.#received.length === length) {
      const pending = this.#pending;
      const answer = { text: this.#received.toString('utf8', 0, textLength), status: this.#received[length - 1] ?? 0 };
      this.#pending = undefined;
      this.#received = Buffer.alloc(0);
      pending.resolve(answer);
    }
  }

  #break(reason: string): void {
    this.#end(reason);
    this.socket.destroy();
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(new VtyUnavailable(this.daemon, this.#ended));
  }
}
