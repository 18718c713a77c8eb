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

  it('the rule for nftables closes it and the VTYs to ordinary users, and to nobody else', async () => {
    const connect = ['timeout', '3', 'bash', '-c', 'exec 3<>/dev/tcp/$0/$1'];
    const as = (user: string) => ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
    await a.exec(['nft', 'flush', 'ruleset']);
    const opens = async (user: string, port: string, address = '127.0.0.1') =>
      (await a.tryExec([...as(user), ...connect, address, port])).exitCode === 0;
    expect(await opens('65534', '2607')).toBe(true);
    await a.exec(['nft', '-f', '-'], { input: block('nftables') });
    for (const port of ['2601', '2604', '2607', '2616', '2617']) expect(await opens('65534', port), port).toBe(false);
    expect(await opens('65534', '2607', a.link().address)).toBe(false);
    for (const user of ['root', 'frr']) expect(await opens(user, '2607'), user).toBe(true);
  });
});
