import { afterEach, describe, expect, it } from 'vitest';
import type { AliasAddress, OspfArea } from '../alias-request.js';
import { VtyRefusal, VtyUnavailable } from './answer.js';
import * as command from './commands.js';
import { VtySession, type VtySessionOptions, vtyOpener } from './persistent-session.js';
import { type FakeVty, fakeTcpVty, fakeUnixVty, type Respond } from './testing.js';

const NETWORK = command.network('192.0.2.1' as AliasAddress, '0.0.0.0' as OspfArea);
const NO_NETWORK = command.noNetwork('192.0.2.1' as AliasAddress, '0.0.0.0' as OspfArea);
const RUNNING_CONFIG = 'hostname alpha\n!\nrouter ospf\n description a# \n network 192.0.2.1/32 area 0\nexit\n';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type More = Pick<VtySessionOptions, 'timeoutMs' | 'connectWithinMs' | 'patient' | 'onLost'>;

interface World {
  readonly vty: FakeVty;
  readonly session: VtySession;
}

async function overUnix(respond: Respond, more: More = {}, pieces = false): Promise<World> {
  const vty = await fakeUnixVty(respond, { pieces });
  return withSession(vty, { kind: 'unix', path: vty.path }, more);
}

async function overTcp(respond: Respond, more: More = {}, pieces = false): Promise<World> {
  const vty = await fakeTcpVty(respond, { pieces });
  return withSession(
    vty,
    { kind: 'tcp', host: '127.0.0.1', port: vty.port, password: 'zebra', enablePassword: 'secret' },
    more,
  );
}

function withSession(vty: FakeVty, address: Parameters<typeof vtyOpener>[0]['address'], more: More): World {
  const session = new VtySession({
    daemon: 'ospfd',
    open: vtyOpener({ daemon: 'ospfd', address }),
    timeoutMs: 10_000,
    connectWithinMs: 10_000,
    ...more,
  });
  cleanups.push(
    () => vty.close(),
    () => session.close(),
  );
  return { vty, session };
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable('it should have failed'),
    (error: Error) => error,
  );
}

describe.each([
  ['the UNIX socket', overUnix],
  ['TCP', overTcp],
])('a VTY session over %s', (_, open) => {
  it('asks many commands over one session', async () => {
    const { vty, session } = await open((asked) => ({ text: `you said ${asked}\n` }));
    for (const words of ['show one', 'show two', 'show three']) {
      expect(await session.show(command.vtyCommand('show', words))).toBe(`you said ${words}\n`);
    }
    expect(vty.sessions()).toBe(1);
  });

  it('puts together an answer that comes byte by byte, prompts inside it included', async () => {
    const { session } = await open(() => ({ text: RUNNING_CONFIG }), {}, true);
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe(RUNNING_CONFIG);
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe(RUNNING_CONFIG);
  });

  it('configures inside configuration mode and leaves it', async () => {
    const { vty, session } = await open(() => ({}));
    await session.configure([command.ROUTER_OSPF, NETWORK]);
    expect(vty.commands.slice(-4)).toEqual([
      'configure terminal',
      'router ospf',
      'network 192.0.2.1/32 area 0.0.0.0',
      'end',
    ]);
  });

  it('takes an answer that begins with % as an error that names daemon and command', async () => {
    const { session } = await open((asked) =>
      asked === 'router ospf' ? { text: '% Unknown command: router ospf\n' } : {},
    );
    const error = await failureOf(session.configure([command.ROUTER_OSPF, NETWORK]));
    expect(error).toBeInstanceOf(VtyRefusal);
    expect(error.message).toBe('ospfd refused "router ospf": % Unknown command: router ospf');
  });

  it('takes such an answer to a `show` as an error too', async () => {
    const { session } = await open(() => ({ text: '% [OSPF] Unknown command: show running-config\n' }));
    const error = await failureOf(session.show(command.SHOW_RUNNING_CONFIG));
    expect(error).toBeInstanceOf(VtyRefusal);
    expect(error.message).toContain('ospfd refused "show running-config": % [OSPF] Unknown command');
  });

  it('takes words where success is silent as an error, as FRR refuses without a % too', async () => {
    const { session } = await open((asked) =>
      asked.startsWith('network') ? { text: 'There is already same network statement.\n', status: 13 } : {},
    );
    const error = await failureOf(session.configure([command.ROUTER_OSPF, NETWORK]));
    expect(error.message).toContain('"network 192.0.2.1/32 area 0.0.0.0": There is already same network statement.');
  });

  it('takes the absence of what is to be removed as success', async () => {
    const { session } = await open((asked) =>
      asked.startsWith('no ') ? { text: "Can't find specified network area configuration.\n", status: 13 } : {},
    );
    await session.configure([command.ROUTER_OSPF, NO_NETWORK]);
  });

  it('gives no further command after a refusal, and leaves configuration mode', async () => {
    const { vty, session } = await open((asked) => (asked === 'router ospf' ? { text: '% no\n', status: 1 } : {}));
    await failureOf(session.configure([command.ROUTER_OSPF, NETWORK]));
    expect(vty.commands.slice(-2)).toEqual(['router ospf', 'end']);
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe('');
  });

  it('keeps the commands of two callers apart', async () => {
    const { vty, session } = await open(() => ({}));
    await Promise.all([
      session.configure([command.ROUTER_OSPF, NETWORK]),
      session.configure([command.ROUTER_OSPF, NO_NETWORK]),
    ]);
    const words = vty.commands
      .filter((text) => text !== 'enable' && text !== 'terminal length 0')
      .map((text) => text.split(' ')[0]);
    expect(words).toEqual(['configure', 'router', 'network', 'end', 'configure', 'router', 'no', 'end']);
  });

  it('gives up on a silent daemon in time, names the command, and begins a new session for the next', async () => {
    let silent = true;
    const { vty, session } = await open(() => (silent ? 'silence' : { text: 'here\n' }), { timeoutMs: 3_000 });
    const error = await failureOf(session.show(command.SHOW_RUNNING_CONFIG));
    expect(error).toBeInstanceOf(VtyUnavailable);
    expect(error.message).toMatch(/^ospfd is not available by VTY: no answer to "show running-config" within \d+ ms$/);
    silent = false;
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe('here\n');
    expect(vty.sessions()).toBe(2);
  });

  it('waits for each answer by itself, however long a batch takes', async () => {
    const { vty, session } = await open(() => ({ afterMs: 400 }), { timeoutMs: 3_000 });
    await session.configure(Array.from({ length: 8 }, () => NETWORK));
    expect(vty.commands.filter((text) => text.startsWith('network'))).toHaveLength(8);
  });

  it('repeats a request on a new session when the old one breaks in the middle of it', async () => {
    let breaks = 0;
    const { vty, session } = await open((asked) => (asked === 'router ospf' && breaks-- > 0 ? 'close' : {}));
    await session.configure([command.ROUTER_OSPF]);
    breaks = 1;
    await session.configure([command.ROUTER_OSPF, NETWORK]);
    expect(vty.sessions()).toBe(2);
    expect(vty.commands.slice(-3)).toEqual(['router ospf', 'network 192.0.2.1/32 area 0.0.0.0', 'end']);
  });

  it('tells at once that the daemon ended the session, and comes back', async () => {
    let tell = (_reason: string): void => {};
    const lost = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const { vty, session } = await open(() => ({ text: 'here\n' }), { onLost: (reason) => tell(reason) });
    await session.show(command.SHOW_RUNNING_CONFIG);
    vty.dropSessions();
    expect(await lost).toContain('closed');
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe('here\n');
    expect(vty.sessions()).toBe(2);
  });

  it('refuses everything once it is closed', async () => {
    const { session } = await open(() => ({}));
    session.close();
    expect(await failureOf(session.show(command.SHOW_RUNNING_CONFIG))).toBeInstanceOf(VtyUnavailable);
  });
});

describe('a VTY session over the UNIX socket', () => {
  it('takes a status other than 0 as an error even without a word', async () => {
    const { session } = await overUnix((asked) => (asked === 'router ospf' ? { status: 13 } : {}));
    const error = await failureOf(session.configure([command.ROUTER_OSPF]));
    expect(error.message).toBe('ospfd refused "router ospf": status 13, without a word');
  });

  it('takes bytes after the end of an answer as a broken session', async () => {
    const { session } = await overUnix(() => ({ raw: Buffer.from('one\0\0\0\0two') }), { timeoutMs: 300 });
    expect(await failureOf(session.show(command.SHOW_RUNNING_CONFIG))).toBeInstanceOf(VtyUnavailable);
  });

  it('survives a daemon that dies in the middle of the beginning of a session', async () => {
    let deaths = 2;
    const vty = await fakeUnixVty(() => ({ text: 'here\n' }), { enable: () => (deaths-- > 0 ? 'close' : {}) });
    const losses: string[] = [];
    const { session } = withSession(vty, { kind: 'unix', path: vty.path }, { onLost: (reason) => losses.push(reason) });
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe('here\n');
    expect(vty.sessions()).toBe(3);
    expect(losses).toEqual([]);
  });

  it('waits for a daemon that is being restarted', async () => {
    const first = await fakeUnixVty(() => ({}));
    const session = new VtySession({
      daemon: 'ospfd',
      open: vtyOpener({ daemon: 'ospfd', address: { kind: 'unix', path: first.path } }),
      timeoutMs: 10_000,
      connectWithinMs: 10_000,
    });
    cleanups.push(
      () => first.close(),
      () => session.close(),
    );
    await session.configure([command.ROUTER_OSPF]);
    const path = `${first.path}.2`;
    const late = new VtySession({
      daemon: 'ospfd',
      open: vtyOpener({ daemon: 'ospfd', address: { kind: 'unix', path } }),
      timeoutMs: 10_000,
      connectWithinMs: 10_000,
    });
    const asked = late.show(command.SHOW_RUNNING_CONFIG);
    const second = await fakeUnixVty(() => ({ text: 'late\n' }), { path });
    cleanups.push(
      () => second.close(),
      () => late.close(),
    );
    expect(await asked).toBe('late\n');
  });

  it('says at once that a daemon is not there if it is not worth waiting for', async () => {
    const path = '/nonexistent/mgmtd.vty';
    const session = new VtySession({
      daemon: 'mgmtd',
      open: vtyOpener({ daemon: 'mgmtd', address: { kind: 'unix', path } }),
      timeoutMs: 60_000,
      connectWithinMs: 60_000,
      patient: false,
    });
    const error = await failureOf(session.show(command.SHOW_RUNNING_CONFIG));
    expect(error.message).toContain('mgmtd is not available by VTY: /nonexistent/mgmtd.vty');
  });
});

describe('a VTY session over TCP', () => {
  async function login(passwords: { password: string; enablePassword?: string }, enable: string | null = 'secret') {
    const vty = await fakeTcpVty(() => ({ text: 'here\n' }), { enablePassword: enable });
    return withSession(
      vty,
      { kind: 'tcp', host: '127.0.0.1', port: vty.port, ...passwords },
      { timeoutMs: 10_000, connectWithinMs: 10_000, patient: false },
    );
  }

  it('needs no enable password where FRR has none', async () => {
    const { session } = await login({ password: 'zebra' }, null);
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe('here\n');
  });

  it('says what to check when the password is wrong, without telling it', async () => {
    const { session } = await login({ password: 'wrong-one' });
    const error = await failureOf(session.show(command.SHOW_RUNNING_CONFIG));
    expect(error.message).toContain('does not take the password');
    expect(error.message).not.toContain('wrong-one');
  });

  it('says what to check when the enable password is wrong, without telling it', async () => {
    const { session } = await login({ password: 'zebra', enablePassword: 'wrong-one' });
    const error = await failureOf(session.show(command.SHOW_RUNNING_CONFIG));
    expect(error.message).toContain('enable password');
    expect(error.message).not.toContain('wrong-one');
  });

  it.each([false, true])("goes on at once when FRR's host name has changed (answers in pieces: %s)", async (pieces) => {
    const vty = await fakeTcpVty((asked) => (asked.startsWith('show') ? { text: RUNNING_CONFIG } : {}), { pieces });
    const address = { kind: 'tcp', host: '127.0.0.1', port: vty.port, password: 'zebra', enablePassword: 'secret' };
    const { session } = withSession(vty, address as Parameters<typeof vtyOpener>[0]['address'], {
      timeoutMs: 60_000,
      connectWithinMs: 60_000,
    });
    await session.configure([command.ROUTER_OSPF, NETWORK]);
    vty.rename('renamed');
    await session.configure([command.ROUTER_OSPF, NO_NETWORK]);
    vty.rename('again.example');
    expect(await session.show(command.SHOW_RUNNING_CONFIG)).toBe(RUNNING_CONFIG);
    expect(vty.sessions()).toBe(3);
  });
});
