import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { endDoctors, finding, isClean } from './doctor.js';
import { createLab, ECHO_MAKEFILE, type Host, type Lab } from './index.js';

const SRRCTL = join(CHECKOUT, 'bin', 'srrctl');
const DAEMONS = 'bgpd=no\nospfd=no\nbfdd=no\nvtysh_enable=yes\nospfd_options="  -A 127.0.0.1"\n';
const WEB = { addresses: ['172.16.15.1'], makefile: ECHO_MAKEFILE };

/** FRR with all its defaults, as after `apt-get install frr`, two links up, and nothing that srrd asks for but its API. */
describe('srrctl setup, on FRR 8.4 or what is installed', () => {
  let lab: Lab;
  let a: Host;
  let b: Host;

  beforeAll(async () => {
    const timing = { spfThrottleMs: [50, 200, 5000], lsaThrottleMs: 4000, lsaMinArrivalMs: 900 } as const;
    lab = await createLab({ name: 'setup', bfd: false, timing });
    const wire = lab.subnet('wire', '10.1.1.0/24');
    a = await lab.node('a', { subnets: [wire] });
    b = await lab.node('b', { subnets: [wire] });
    await lab.converged();
    for (const node of [a, b]) {
      await node.startSrrd({ services: { WEB } });
      mkdirSync(folder(node));
      writeFileSync(join(folder(node), 'frr.conf'), `${await running(node)}\n`, { mode: 0o640 });
      writeFileSync(join(folder(node), 'daemons'), DAEMONS, { mode: 0o640 });
      writeFileSync(join(folder(node), 'nftables.conf'), '#!/usr/sbin/nft -f\n\nflush ruleset\n', { mode: 0o644 });
      writeFileSync(join(folder(node), 'key'), 'lab-key\n', { mode: 0o600 });
    }
    // That there are two routers, both of them nodes, each sees in the announcements of the other.
    for (const node of [a, b]) await finding(node, 'isolation');
  });

  afterAll(async () => {
    endDoctors();
    await lab?.destroy();
  });

  const folder = (node: Host) => join(node.directory, 'etc-frr');

  const frrConf = (node: Host) => readFileSync(join(folder(node), 'frr.conf'), 'utf8');

  /** All daemons together, as frr.conf has them; without the address of the service, which comes and goes. */
  const running = async (node: Host): Promise<string> => {
    const { stdout } = await node.exec(['vtysh', '-N', node.namespace, '-c', 'show running-config']);
    return stdout.slice(stdout.indexOf('frr version')).replace(` network ${WEB.addresses[0]}/32 area 0.0.0.0\n`, '');
  };

  const setup = (node: Host, ...options: readonly string[]) => {
    const files = ['--frr-dir', folder(node), '--nftables-file', join(folder(node), 'nftables.conf')];
    const own = ['--socket', node.srrd.socket, 'setup', '--config', node.srrd.configFile, ...files, ...options];
    return node.tryExec([process.execPath, SRRCTL, ...own]);
  };

  const key = (node: Host) => ['--key-file', join(folder(node), 'key')];

  it('shows what it would change, never the key, and changes nothing', async () => {
    const before = [frrConf(a), await running(a)];
    const shown = await setup(a, ...key(a));
    expect([shown.exitCode, shown.stderr]).toEqual([0, '']);
    for (const line of [
      ...['-ospfd=no', '+ospfd=yes', '+bfdd=yes', '+ospfd_options="  -A 127.0.0.1 -a"'],
      ...['+ ip ospf bfd', '+ profile srrd', '- timers throttle lsa all 4000', '+ timers throttle lsa all 0'],
      ...['+ ip ospf message-digest-key 1 md5 ***', '  profile srrd', '+table inet srrd {', 'Nothing was changed'],
    ]) {
      expect(shown.stdout).toContain(line);
    }
    expect(shown.stdout).not.toContain('lab-key');
    expect([frrConf(a), await running(a)]).toEqual(before);
  });

  it('changes nothing where it may not write, or where FRR is not', async () => {
    const before = [frrConf(a), await running(a)];
    const readOnly = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"`;
    const own = [process.execPath, SRRCTL, 'setup', '--apply', '--config', a.srrd.configFile];
    const files = (of: string) => ['--frr-dir', of, '--nftables-file', join(of, 'nftables.conf')];
    const inMounts = ['unshare', '--mount', 'bash', '-c', readOnly, folder(a)];
    const sealed = await a.tryExec([...inMounts, ...own, ...files(folder(a))]);
    expect([sealed.exitCode, sealed.stderr]).toEqual([
      1,
      expect.stringMatching(/cannot be written: .*Nothing was changed/),
    ]);
    const anybody = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
    const forbidden = await a.tryExec([...anybody, ...own, ...files(folder(a))]);
    expect([forbidden.exitCode, forbidden.stderr]).toEqual([
      1,
      expect.stringMatching(/^srrctl: .*(permission|EACCES)/),
    ]);
    const absent = await a.tryExec([...own, ...files('/nowhere')]);
    expect([absent.exitCode, absent.stderr]).toEqual([1, expect.stringContaining('apt-get install frr')]);
    const named = await setup(a, '--interface', 'eth7', '--apply');
    expect([named.exitCode, named.stderr]).toEqual([1, expect.stringContaining('--interface eth7: expected')]);
    expect([frrConf(a), await running(a)]).toEqual(before);
  });

  it('sets both nodes up: the doctor finds nothing, a reload of FRR takes nothing away, and again there is nothing to do', async () => {
    for (const node of [a, b]) {
      const done = await setup(node, ...key(node), '--apply');
      expect([done.exitCode, done.stderr]).toEqual([0, '']);
      expect(done.stdout).toContain('Restart FRR now');
      expect(done.stdout).not.toContain('lab-key');
    }
    // What only a restart of FRR reads.
    expect(readFileSync(join(folder(a), 'daemons'), 'utf8')).toBe(
      DAEMONS.replace('ospfd=no', 'ospfd=yes').replace('bfdd=no', 'bfdd=yes').replace('.1"', '.1 -a"'),
    );
    for (const node of [a, b]) {
      await node.srrd.kill('SIGTERM');
      await node.startSrrd({});
    }
    for (const node of [a, b]) await isClean(node);
    for (const node of [a, b]) {
      const reload = ['/usr/lib/frr/frr-reload.py', '--test', '--pathspace', node.namespace];
      const { stdout } = await node.exec(['python3', ...reload, join(folder(node), 'frr.conf')]);
      expect(taken(stdout)).toEqual([]);
      const again = await setup(node, ...key(node), '--apply');
      expect([again.exitCode, again.stdout]).toEqual([0, expect.stringMatching(/^There is nothing to set up\./)]);
    }
  });

  it('puts everything back, in the files, in FRR and in nftables', async () => {
    const before = frrConf(a);
    writeFileSync(join(folder(a), 'frr.conf'), `${before}! by hand\n`);
    const refused = await setup(a, '--undo');
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('changed since')]);
    expect(refused.stderr).toContain(join(folder(a), 'frr.conf'));
    writeFileSync(join(folder(a), 'frr.conf'), before);
    const undone = await setup(a, '--undo');
    expect([undone.exitCode, undone.stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder(a), 'daemons'), 'utf8')).toBe(DAEMONS);
    expect(frrConf(a)).not.toMatch(/ospf bfd|profile|message-digest/);
    const now = await running(a);
    expect(now).not.toMatch(/ospf bfd|profile|message-digest/);
    expect(now).toContain('timers throttle spf 50 200 5000');
    expect((await a.tryExec(['nft', 'list', 'table', 'inet', 'srrd'])).exitCode).not.toBe(0);
    expect((await setup(a, '--undo')).stdout).toBe('There is nothing to undo.');
  });
});

/** The lines that a reload of FRR would take away; services' addresses are srrd's to put back. */
function taken(output: string): readonly string[] {
  const [, gone = ''] = /Lines To Delete\n=+\n([\s\S]*?)(?:\nLines To Add|$)/.exec(output) ?? [];
  return gone.split('\n').filter((line) => !/^\s*(router ospf|(no )?network \S+\/32 area \S+)?$/.test(line));
}
