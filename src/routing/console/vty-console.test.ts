import { afterEach, describe, expect, it, vi } from 'vitest';
import { VtyUnavailable } from '../vty/answer.js';
import type { VtyAddress } from '../vty/connection.js';
import { type FakeVty, fakeTcpVty, fakeUnixVty, type Respond } from '../vty/testing.js';
import { parseHelp } from './help-text.js';
import type { Asker } from './sessions.js';
import { VtyConsole, type VtyConsoleOptions } from './vty-console.js';

const ADMIN: Asker = { user: 'anna', isAdmin: true };
const VIEWER: Asker = { user: 'vera', isAdmin: false };
const OTHER_VIEWER: Asker = { user: 'victor', isAdmin: false };

const open: FakeVty[] = [];

afterEach(async () => {
  for (const vty of open.splice(0)) await vty.close();
});

async function overUnix(respond: Respond, options: Partial<VtyConsoleOptions> = {}) {
  const vty = await fakeUnixVty(respond);
  open.push(vty);
  const ospfd = { kind: 'unix', path: vty.path } as const;
  return { vty, console: consoleOf(ospfd, options) };
}

async function overTcp(respond: Respond, options: Partial<VtyConsoleOptions> & { password?: string } = {}) {
  const vty = await fakeTcpVty(respond, { pieces: true });
  open.push(vty);
  const { password = 'zebra', ...rest } = options;
  const ospfd = { kind: 'tcp', host: '127.0.0.1', port: vty.port, password, enablePassword: 'secret' } as const;
  return { vty, console: consoleOf(ospfd, rest) };
}

/** With limits that a busy machine keeps, where a test gives none. */
function consoleOf(ospfd: VtyAddress, options: Partial<VtyConsoleOptions>): VtyConsole {
  const limits = { timeoutMs: 120_000, commandTimeoutMs: 60_000 };
  return new VtyConsole({ vty: { ospfd, zebra: ospfd, mgmtd: null }, ...limits, ...options });
}

const REPLIES: Readonly<Record<string, 'silence' | 'close'>> = {
  'show hang': 'silence',
  'show broken': 'close',
  exit: 'close',
};

describe.each([
  ['the UNIX socket', overUnix],
  ['TCP', overTcp],
])('a console over %s', (_, make) => {
  it('gives the answer, in a session of its own that ends', async () => {
    const { vty, console } = await make((command) => ({ text: command === 'show version' ? 'FRR\nrouting\n' : '' }));
    const run = { answers: [{ command: 'show version', output: 'FRR\nrouting\n', refused: false }], cut: false };
    expect(await console.run('ospfd', ['show version'], ADMIN)).toEqual(run);
    expect(await console.run('ospfd', ['show version'], ADMIN)).toEqual(run);
    expect(vty.sessions()).toBe(2);
  });

  it('filters an answer itself, by plain words, and never asks FRR to', async () => {
    const text = 'a (b)*\nab\nb\n';
    const { vty, console } = await make((command) => ({ text: command.startsWith('show') ? text : '' }));
    const { answers } = await console.run('ospfd', ['show version | include (b)*'], ADMIN);
    expect(answers).toEqual([{ command: 'show version | include (b)*', output: 'a (b)*\n', refused: false }]);
    expect(vty.commands).toContain('show version');
    expect(vty.commands.join()).not.toContain('|');
  });

  it('drops a session in which one command takes too long, though the request has time', async () => {
    const { vty, console } = await make((command) => REPLIES[command] ?? {}, { commandTimeoutMs: 10_000 });
    const commands = ['show version', 'show hang', 'show version'];
    await expect(console.run('ospfd', commands, ADMIN)).rejects.toThrow(
      /no answer to "show hang" within the time limit/,
    );
    expect(vty.commands.filter((command) => command === 'show version')).toHaveLength(1);
  });

  it('gives several commands in one session, and stops at the first that is refused', async () => {
    const { vty, console } = await make((command) => {
      if (command !== 'nonsense') return {};
      return { text: '% Unknown command: nonsense\n', status: 2 };
    });
    const run = await console.run(
      'ospfd',
      ['configure terminal', 'router ospf', 'nonsense', 'network 10.0.0.0/8 area 0'],
      ADMIN,
    );
    expect(run.answers.map(({ command, refused }) => [command, refused])).toEqual([
      ['configure terminal', false],
      ['router ospf', false],
      ['nonsense', true],
    ]);
    expect(vty.sessions()).toBe(1);
    expect(vty.commands).not.toContain('network 10.0.0.0/8 area 0');
  });

  it('cuts an answer that is too long, and reads no more of it', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const { console } = await make((command) => ({ text: command === 'show everything' ? line.repeat(60) : '' }), {
      longestOutput: 2_000,
    });
    const { answers, cut } = await console.run('ospfd', ['show everything'], ADMIN);
    expect(cut).toBe(true);
    expect(answers[0]?.output.length).toBeGreaterThan(1_500);
    expect(answers[0]?.output.length).toBeLessThanOrEqual(2_100);
  });

  it('says so when nothing comes in time, when the session breaks, and when nobody is there', async () => {
    const { console } = await make((command) => REPLIES[command] ?? {}, { timeoutMs: 10_000 });
    await expect(console.run('ospfd', ['show hang'], ADMIN)).rejects.toThrow(
      /no answer to "show hang" within the time limit/,
    );
    await expect(console.run('ospfd', ['show broken'], ADMIN)).rejects.toThrow(VtyUnavailable);
    await expect(console.run('mgmtd', ['show version'], ADMIN)).rejects.toThrow('this FRR has no such daemon');
    expect(await console.run('ospfd', ['exit'], ADMIN)).toMatchObject({ cut: false });
  });

  it('gives viewers a share, each of them a part of it, and admins theirs beside it', async () => {
    const { vty, console } = await make((command) => (command === 'show hang' ? 'silence' : {}));
    const hang = (asker: Asker) => console.run('ospfd', ['show hang'], asker);
    const hanging = [VIEWER, VIEWER, OTHER_VIEWER, OTHER_VIEWER, ADMIN].map(hang);
    const ended = Promise.allSettled(hanging);
    await expect(hang(VIEWER)).rejects.toThrow(/2 commands of vera for ospfd are under way/);
    await expect(hang({ ...VIEWER, user: 'third' })).rejects.toThrow(/4 commands of users who are no admins/);
    expect(await console.run('ospfd', ['show version'], ADMIN)).toMatchObject({ cut: false });
    expect(await console.run('zebra', ['show version'], VIEWER)).toMatchObject({ cut: false });
    await vi.waitFor(() => expect(vty.commands.filter((command) => command === 'show hang')).toHaveLength(5), 60_000);
    vty.dropSessions();
    await ended;
    expect(await console.run('ospfd', ['show version'], VIEWER)).toMatchObject({ cut: false });
  });
});

describe('a host name that a person changes over TCP', () => {
  it('does not keep the next commands waiting', async () => {
    const { console } = await overTcp((asked) => ({ text: asked === 'show version' ? 'FRR\n' : '' }), {
      timeoutMs: 60_000,
    });
    const { answers } = await console.run(
      'ospfd',
      ['configure terminal', 'hostname other', 'end', 'show version'],
      ADMIN,
    );
    expect(answers.map(({ output }) => output)).toEqual(['', '', '', 'FRR\n']);
  });
});

describe('what may be shown to everybody', () => {
  it('is asked for without enable mode, so that FRR itself refuses the rest', async () => {
    const unix = await overUnix(() => ({}));
    await unix.console.run('ospfd', ['show ip route'], ADMIN);
    await unix.console.run('ospfd', ['show running-config'], ADMIN);
    expect(unix.vty.commands).toEqual(['disable', 'show ip route', 'enable', 'show running-config']);
    const tcp = await overTcp(() => ({}));
    await tcp.console.run('ospfd', ['show ip route'], ADMIN);
    expect(tcp.vty.commands).toEqual(['terminal length 0', 'show ip route']);
  });
});

describe('a wrong password', () => {
  it('is named', async () => {
    const { console } = await overTcp(() => ({}), { password: 'wrong' });
    await expect(console.run('ospfd', ['show version'], ADMIN)).rejects.toThrow(
      /127\.0\.0\.1 port \d+: it does not take the password/,
    );
  });
});

describe('completion', () => {
  it('comes from the list of the daemon over the UNIX socket, which is asked once', async () => {
    const { vty, console } = await overUnix(() => ({
      text: '    show ip ospf neighbor [A.B.C.D]\n    show version\n',
    }));
    expect(await console.complete('ospfd', 'show ', VIEWER, false)).toEqual([
      { word: 'ip', help: '', placeholder: false },
      { word: 'version', help: '', placeholder: false },
    ]);
    expect((await console.complete('ospfd', 'show v', VIEWER, false)).map(({ word }) => word)).toEqual(['version']);
    expect(await console.complete('ospfd', 'show ip ospf neighbor ', VIEWER, false)).toEqual([
      { word: 'A.B.C.D', help: '', placeholder: true },
      { word: '<cr>', help: '', placeholder: true },
    ]);
    expect(vty.commands).toEqual(['disable', 'list']);
  });

  it('is ours behind a filter, and FRR is not asked', async () => {
    const { vty, console } = await overTcp(() => ({}));
    expect(await console.complete('ospfd', 'show version | include ', ADMIN, false)).toEqual([]);
    expect(vty.sessions()).toBe(0);
  });

  it('knows that other commands exist while configuring', async () => {
    const { vty, console } = await overUnix(() => ({ text: '    router ospf\n' }));
    expect((await console.complete('ospfd', 'ro', ADMIN, true)).map(({ word }) => word)).toEqual(['router']);
    expect(vty.commands).toEqual(['enable', 'configure terminal', 'list']);
  });

  it('reads the answer of FRR to `?`', () => {
    const text = [
      'show ip ospf ',
      '  (1-65535)          Instance ID',
      "  border-routers     Show all the ABR's and ASBR's",
      '  vrfs               Show OSPF VRFs ',
      '  <cr>               ',
      'a# show ip ospf ',
    ].join('\n');
    expect(parseHelp(text)).toEqual([
      { word: '(1-65535)', help: 'Instance ID', placeholder: true },
      { word: 'border-routers', help: "Show all the ABR's and ASBR's", placeholder: false },
      { word: 'vrfs', help: 'Show OSPF VRFs', placeholder: false },
      { word: '<cr>', help: '', placeholder: true },
    ]);
    expect(parseHelp('% There is no matched command.\na# show x')).toEqual([]);
  });
});
