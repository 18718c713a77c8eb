import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { createLab, type FrrChoice, type FrrDaemon, type Host, type Lab, until } from './index.js';

const DOCUMENT = readFileSync(join(CHECKOUT, 'docs', 'frr-setup.md'), 'utf8');

/** The block of the document that follows the comment with this name. */
function block(name: string): string {
  const begin = DOCUMENT.indexOf(`<!-- ${name} -->`);
  const text = /```[a-z]*\n([\s\S]*?)```/.exec(DOCUMENT.slice(begin))?.[1];
  if (begin < 0 || text === undefined) throw new Error(`docs/frr-setup.md has no block "${name}"`);
  return text;
}

/** The lines of frr.conf by the daemon that takes them. */
function linesOf(daemon: 'ospfd' | 'bfdd'): string[] {
  const lines = block('frr.conf')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!');
  const endOfBfd = lines.indexOf('interface eth0');
  return daemon === 'bfdd' ? lines.slice(0, endOfBfd) : lines.slice(endOfBfd);
}

describe.each<FrrChoice>(['installed', '10'])('the documented configuration on FRR %s', (frr) => {
  let lab: Lab;
  let a: Host;
  let b: Host;

  beforeAll(async () => {
    // Other timers than the document's: those found later are from there.
    const timing = { spfThrottleMs: [11, 12, 13], lsaThrottleMs: 14, lsaMinArrivalMs: 15 } as const;
    lab = await createLab({ name: `doc${frr === '10' ? 10 : 8}`, frr, bfd: false, timing });
    const wire = lab.subnet('wire', '10.1.1.0/24');
    a = await lab.node('a', { subnets: [wire] });
    b = await lab.node('b', { subnets: [wire] });
    for (const [host, routerId] of [
      [a, '10.0.0.1'],
      [b, '10.0.0.2'],
    ] as const) {
      await give(host, 'bfdd', linesOf('bfdd'));
      await give(
        host,
        'ospfd',
        linesOf('ospfd').map((line) => line.replace('10.0.0.1', routerId)),
      );
      const vtyLines = block('frr.conf vty').trim().split('\n');
      for (const daemon of ['zebra', 'ospfd', 'bfdd'] as const) await give(host, daemon, vtyLines);
    }
  });

  afterAll(() => lab?.destroy());

  /** Throws at the first line that is refused, naming it. */
  async function give(host: Host, daemon: FrrDaemon, lines: readonly string[]): Promise<void> {
    await host.vtysh(['enable', 'configure terminal', ...lines], daemon);
  }

  it('is in force', async () => {
    const ospf = JSON.parse(await a.vtysh('show ip ospf json'));
    expect(ospf).toMatchObject({
      routerId: '10.0.0.1',
      opaqueCapable: true,
      spfScheduleDelayMsecs: 0,
      holdtimeMinMsecs: 10,
      holdtimeMaxMsecs: 100,
      lsaMinIntervalMsecs: 0,
      lsaMinArrivalMsecs: 0,
    });
    const config = await a.vtysh(['enable', 'show running-config']);
    for (const line of linesOf('ospfd').filter((one) => one !== 'exit')) expect(config).toContain(line);
  });

  it('brings BFD sessions up with the documented times', async () => {
    await until(
      async () => {
        const [peer] = JSON.parse(await a.vtysh('show bfd peers json', 'bfdd'));
        return (
          peer.status === 'up' &&
          peer['transmit-interval'] === 50 &&
          peer['receive-interval'] === 50 &&
          peer['detect-multiplier'] === 3
        );
      },
      { what: 'the BFD session is up with 3 × 50 ms', timeoutMs: 120_000 },
    );
  });

  it('closes the OSPF API to others and leaves it open to this machine', async () => {
    const connect = ['timeout', '3', 'bash', '-c', 'exec 3<>/dev/tcp/$0/2607'];
    const toA = a.link().address;
    expect((await b.tryExec([...connect, toA])).exitCode).toBe(0);
    await a.exec(['nft', '-f', '-'], { input: block('nftables') });
    expect((await b.tryExec([...connect, toA])).exitCode).not.toBe(0);
    expect((await a.tryExec([...connect, '127.0.0.1'])).exitCode).toBe(0);
  });

  it('the rule for nftables closes it and all command lines to ordinary users, and to nobody else', async () => {
    await a.exec(['nft', 'flush', 'ruleset']);
    // Of a port on which nobody listens, nobody could say whether the rule closes it.
    const listeners = a.spawn('listeners', [process.execPath, '-e', LISTEN_WHERE_FREE, ...PORTS]);
    await until(() => listeners.output().includes('ready'), { what: 'there is a listener on each port' });
    const opened = async (user: string, address = '127.0.0.1') => {
      const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
      const tries = 'for port in "$@"; do (exec 3<>/dev/tcp/$0/$port) 2>/dev/null && echo $port; done; true';
      const { stdout } = await a.exec([...asUser, 'timeout', '120', 'bash', '-c', tries, address, ...PORTS]);
      return stdout.split('\n').filter((line) => line !== '');
    };
    expect(await opened(ORDINARY_USER)).toEqual(PORTS);
    await a.exec(['nft', '-f', '-'], { input: block('nftables') });
    expect(await opened(ORDINARY_USER)).toEqual([]);
    expect(await opened(ORDINARY_USER, a.link().address)).toEqual([]);
    for (const user of ['root', 'frr']) expect(await opened(user), user).toEqual(PORTS);
    await listeners.kill('SIGTERM');
  });
});

/** The VTYs of zebra, ospfd, staticd, bfdd and mgmtd, and the OSPF API. */
const PORTS = ['2601', '2604', '2607', '2616', '2617', '2623'];

/** Not in /etc/passwd, and in no group. */
const ORDINARY_USER = '54321';

const LISTEN_WHERE_FREE = `
  const { createServer } = require('node:net');
  const listen = (port) => new Promise((resolve) => {
    createServer((socket) => socket.end()).listen(Number(port), '127.0.0.1', resolve).on('error', resolve);
  });
  Promise.all(process.argv.slice(1).map(listen)).then(() => console.log('ready'));
`;
