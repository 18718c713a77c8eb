import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a fake FRR daemon answers one command. `text` as FRR writes it, lines ending in `\n`; `afterMs` default 0. */
export type FakeReply =
  | { readonly text?: string; readonly status?: number; readonly afterMs?: number }
  /** Bytes instead of an answer, UNIX socket only. */
  | { readonly raw: Buffer }
  | 'silence'
  | 'close';

export interface FakeVty {
  /** Everything that was asked, in order. */
  readonly commands: string[];
  /** How many sessions were opened. */
  readonly sessions: () => number;
  /** Ends all sessions, as a dying daemon does. */
  dropSessions(): void;
  close(): Promise<void>;
}

export type Respond = (command: string) => FakeReply;

/**
 * A daemon behind a UNIX socket. Without a path a new one is made. `pieces`: answers are sent byte by byte.
 * `enable` answers that command, default with success.
 */
export async function fakeUnixVty(
  respond: Respond,
  options: { readonly path?: string; readonly pieces?: boolean; readonly enable?: () => FakeReply } = {},
): Promise<FakeVty & { readonly path: string }> {
  const directory = options.path === undefined ? mkdtempSync(join(tmpdir(), 'vty-')) : undefined;
  const path = options.path ?? join(directory ?? '', 'ospfd.vty');
  const commands: string[] = [];
  const vty = await listen(path, (socket) => {
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      for (let end = received.indexOf('\0'); end >= 0; end = received.indexOf('\0')) {
        const command = received.slice(0, end);
        received = received.slice(end + 1);
        commands.push(command);
        const reply = command === 'enable' ? (options.enable?.() ?? {}) : respond(command);
        if (reply === 'close') socket.destroy();
        else if (reply !== 'silence') {
          const answer = () => send(socket, unixAnswer(reply), options.pieces ?? false);
          setTimeout(() => void answer(), 'afterMs' in reply ? reply.afterMs : 0);
        }
      }
    });
  });
  return {
    ...vty,
    commands,
    path,
    close: async () => {
      await vty.close();
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A daemon behind TCP, with FRR's greeting, passwords, echo and prompts. `enablePassword` null: none is configured. */
export async function fakeTcpVty(
  respond: Respond,
  options: { readonly enablePassword?: string | null; readonly pieces?: boolean } = {},
): Promise<FakeVty & { readonly port: number; rename(hostName: string): void }> {
  const commands: string[] = [];
  let hostName = 'router-1';
  const enablePassword = options.enablePassword === undefined ? 'secret' : options.enablePassword;
  const vty = await listen(0, (socket) => {
    let expecting: 'password' | 'enable password' | 'command' = 'password';
    let mode = '> ';
    let failures = 0;
    const say = (text: string): Promise<void> =>
      send(socket, Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'), options.pieces ?? false);
    const prompt = (): string => `${hostName}${mode}`;
    const enter = (line: string): void => {
      if (expecting === 'password') {
        if (line === 'zebra') {
          expecting = 'command';
          void say(`\n${prompt()}`);
        } else if (++failures === 3) socket.end('\r\n% Bad passwords, too many failures!\r\n');
        else void say('\nPassword: ');
      } else if (expecting === 'enable password') {
        if (line !== enablePassword) {
          void say('\nPassword: ');
        } else {
          expecting = 'command';
          mode = '# ';
          void say(`\n${prompt()}`);
        }
      } else if (line === 'enable' && mode === '> ' && enablePassword !== null) {
        expecting = 'enable password';
        void say('enable\nPassword: ');
      } else {
        mode = modeAfter(line, mode);
        hostName = /^hostname (\S+)$/.exec(line)?.[1] ?? hostName;
        commands.push(line);
        const reply = line === 'enable' || line === 'terminal length 0' ? {} : respond(line);
        if (reply === 'close') socket.destroy();
        else if (reply !== 'silence' && !('raw' in reply)) {
          const answer = `${line}\n${reply.text ?? ''}${prompt()}`;
          setTimeout(() => void say(answer), reply.afterMs ?? 0);
        }
      }
    };
    let received = '';
    socket.write(Buffer.from([255, 251, 1, 255, 251, 3, 255, 254, 34, 255, 253, 31]));
    void say('\nHello, this is FRRouting (version 8.4.4).\n\n\nUser Access Verification\n\nPassword: ');
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text.replace(/\xff[\xfb-\xfe]./gs, '').replaceAll('\r', '');
      for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
        const line = received.slice(0, end);
        received = received.slice(end + 1);
        enter(line);
      }
    });
  });
  const rename = (name: string): void => {
    hostName = name;
  };
  return { ...vty, commands, port: vty.port(), rename };
}

function modeAfter(line: string, mode: string): string {
  if (line === 'configure terminal') return '(config)# ';
  if (line === 'router ospf') return '(config-router)# ';
  if (line === 'end' || line === 'enable') return '# ';
  return mode;
}

function unixAnswer(reply: Exclude<FakeReply, string>): Buffer {
  if ('raw' in reply) return reply.raw;
  return Buffer.concat([Buffer.from(reply.text ?? ''), Buffer.from([0, 0, 0, reply.status ?? 0])]);
}

async function send(socket: Socket, bytes: Buffer, pieces: boolean): Promise<void> {
  socket.setNoDelay(true);
  if (!pieces) {
    socket.write(bytes);
    return;
  }
  for (const byte of bytes) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!socket.destroyed) socket.write(Buffer.from([byte]));
  }
}

async function listen(where: string | number, serve: (socket: Socket) => void) {
  const open = new Set<Socket>();
  let sessions = 0;
  const server: Server = createServer((socket) => {
    sessions += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
  const dropSessions = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    sessions: () => sessions,
    port: () => (server.address() as AddressInfo).port,
    dropSessions,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        dropSessions();
      }),
  };
}
