import { connect, type Socket } from 'node:net';
import { type FrrDaemon, VtyUnavailable } from '../vty/answer.js';
import { AnswerReader } from './answer-reader.js';
import type { ConsoleAnswer, ConsoleConnection, Limit, OpenConsole } from './console-connection.js';

/** vtysh's protocol (FRR, vtysh/vtysh.c): after the text come three NULs and one byte of status. */
const END_BYTES = 4;

/** A console through FRR's UNIX socket, as vtysh uses it. It knows no `?`: that is typed, and vtysh answers it itself. */
export function unixConsole(daemon: FrrDaemon, path: string): OpenConsole {
  return async (privileged, limit) => {
    const socket = await opened(daemon, path);
    const connection = new UnixConsole(daemon, socket);
    try {
      await connection.exec(privileged ? 'enable' : 'disable', limit);
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  };
}

function opened(daemon: FrrDaemon, path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
    const fail = (error: Error): void => reject(new VtyUnavailable(daemon, `${path}: ${error.message}`));
    socket.once('error', fail);
  });
}

class UnixConsole implements ConsoleConnection {
  readonly #socket: Socket;
  readonly #reader: AnswerReader;

  constructor(daemon: FrrDaemon, socket: Socket) {
    this.#socket = socket;
    this.#reader = new AnswerReader(daemon, socket);
  }

  async exec(command: string, limit: Limit): Promise<ConsoleAnswer> {
    this.#socket.write(`${command}\0`);
    const isEnd = (tail: Buffer) => tail.length >= END_BYTES && tail.readUIntBE(tail.length - END_BYTES, 3) === 0;
    const { bytes, cut } = await this.#reader.read(isEnd, `"${command}"`, limit);
    const text = bytes.toString('utf8', 0, cut ? bytes.length : bytes.length - END_BYTES);
    return { text, cut, refused: !cut && (bytes.at(-1) !== 0 || text.startsWith('%')) };
  }

  help(): null {
    return null;
  }

  close(): void {
    this.#reader.close();
  }
}
