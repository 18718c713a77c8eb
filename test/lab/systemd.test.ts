import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { CHECKOUT } from './checkout.js';
import { bootMachine, createLab, type Host, type Lab, type Machine, until } from './index.js';

const UNIT = readFileSync(join(CHECKOUT, 'debian', 'srrd.service'), 'utf8');

const DEFINITION = { name: 'DISK', makefile: '/etc/srrd/services/disk/Makefile' };

/** Mounts something, leaves a process behind, and says at its stop who is still there. */
const MAKEFILE = `activate deactivate reload restart join leave failed status check:
start:
	mkdir -p /mnt/disk
	mount -t tmpfs disk /mnt/disk
	sleep 1000000 > /dev/null 2>&1 &
stop:
	systemctl is-active frr.service > /mnt/shared/frr-at-stop
	! mountpoint -q /mnt/disk || umount /mnt/disk
.PHONY: activate deactivate start stop reload restart join leave failed status check
`;

const APP = { name: 'APP', makefile: '/etc/srrd/services/app/Makefile', user: 'games', limits: { openFiles: 64 } };

/** Says who it is, and what it may have open. */
const APP_MAKEFILE = `activate deactivate reload restart join leave failed status check stop:
start:
	(id -un; ulimit -n) > "$(SRRD_STATE_DIR)/is"
.PHONY: activate deactivate start stop reload restart join leave failed status check
`;

let lab: Lab;
let a: Host;
let b: Host;
let machine: Machine;

beforeAll(async () => {
  lab = await createLab({ name: 'systemd', bfd: false });
  const wire = lab.subnet('wire', '10.1.1.0/24');
  a = await lab.plainHost('a', { subnets: [wire] });
  b = await lab.node('b', { subnets: [wire], routerId: '10.0.0.2' });
  await b.startSrrd({ services: { DISK: { makefile: quietMakefile(b), preference: 10 } } });
  machine = await bootMachine(a, {
    checkout: true,
    files: {
      '/etc/systemd/system/srrd.service': UNIT,
      // The check takes seconds, not half a minute.
      '/etc/systemd/system/srrd.service.d/lab.conf': [
        '[Service]',
        'ExecStart=',
        'ExecStart=/usr/lib/srrd/bin/with-notify-socket /usr/lib/srrd/bin/srrd --config /etc/srrd/srrd.yaml',
        'WatchdogSec=10',
        'StandardOutput=append:/mnt/shared/srrd.log',
        '',
      ].join('\n'),
      // As Debian installs FRR, but for intervals that are b's.
      '/etc/frr/daemons': `ospfd=no\nbfdd=no\nvtysh_enable=yes\nzebra_options="-A 127.0.0.1"\nospfd_options="-A 127.0.0.1"\n`,
      '/etc/frr/frr.conf': `interface ${a.link().interface}\n ip ospf hello-interval 1\n ip ospf dead-interval 4\nexit\n`,
      '/etc/srrd/srrd.yaml': stringify({ node: { name: 'a' } }),
      '/etc/srrd/services/disk/Makefile': MAKEFILE,
      '/etc/srrd/services/app/Makefile': APP_MAKEFILE,
      '/var/lib/srrd/services/APP.yaml': stringify(APP),
      '/var/lib/srrd/services/DISK.yaml': stringify({ ...DEFINITION, preference: 200 }),
    },
  });
  await machine.exec(['chown', '-R', 'frr:frr', '/etc/frr']);
});

afterAll(() => lab?.destroy());

it('srrctl setup makes it a node, with a restart of FRR, and then has nothing to do for it', async () => {
  const done = await srrctl('setup', '--router-id', '10.0.0.1', '--apply');
  expect([done.stdout, done.stderr]).toEqual([expect.stringContaining('FRR is restarted'), '']);
  // But for what only the neighbour tells.
  expect((await srrctl('setup')).stdout).not.toMatch(/^ {2}(\/etc\/(frr|nftables)|ospfd|bfdd|nft|FRR) ?.*:/m);
  expect(await machine.show('frr.service', 'ActiveState')).toBe('active');
  expect(await machine.show('nftables.service', 'UnitFileState')).toBe('enabled');
  const { stdout } = await machine.exec(['nft', 'list', 'table', 'inet', 'srrd']);
  expect(stdout).toContain('dport 2607 drop');
});

it('is ready for systemd when it announces, and says how it is in a line', async () => {
  await machine.exec(['systemctl', 'start', 'srrd.service'], { timeoutMs: 300_000 });
  const status = JSON.parse((await srrctl('status', '--json')).stdout);
  expect(status.node.phase).not.toBe('isolated');
  await expect
    .poll(() => machine.show('srrd.service', 'StatusText'), { timeout: 180_000 })
    .toBe('member, 2 nodes; runs APP, DISK');
});

it('what a primitive mounts is there for the whole machine, which srrd itself cannot write to', async () => {
  await machine.exec(['mountpoint', '/mnt/disk']);
  const pid = await machine.show('srrd.service', 'MainPID');
  const { stderr } = await machine.tryExec([
    'nsenter',
    '--mount',
    `--target=${pid}`,
    'touch',
    '/usr/written',
    '/etc/written',
  ]);
  expect(stderr.match(/Read-only file system/g)).toHaveLength(2);
});

it('a service may have a user of its own and limits, also in the sandbox', async () => {
  const { stdout } = await machine.exec(['cat', '/var/lib/srrd/run/APP/is']);
  expect(stdout).toBe('games\n64');
});

it('a daemon that stands still is ended by the watchdog and started again, and its service is found again', async () => {
  const pid = await machine.show('srrd.service', 'MainPID');
  await machine.exec(['kill', '-STOP', pid]);
  await until(async () => !['0', pid].includes(await machine.show('srrd.service', 'MainPID')), { timeoutMs: 180_000 });
  await expect
    .poll(() => machine.show('srrd.service', 'StatusText'), { timeout: 180_000 })
    .toBe('member, 2 nodes; runs APP, DISK');
});

it('systemd-analyze rates it better than 6', async () => {
  const { stdout } = await machine.exec([
    'systemd-analyze',
    'security',
    '--no-pager',
    '--threshold=60',
    'srrd.service',
  ]);
  expect(stdout).toMatch(/exposure level for srrd.service: [0-5]\.\d/);
});

it('the end of the machine hands its services over while FRR is still there', async () => {
  await machine.exec(['systemctl', 'poweroff', '--no-block']);
  await machine.process.ended;
  const shared = (name: string) => join(machine.shared.outside, name);
  expect(readFileSync(shared('frr-at-stop'), 'utf8')).toBe('active\n');
  expect(readFileSync(shared('srrd.log'), 'utf8')).toContain('srrd has ended: everything is stopped and withdrawn');
  await until(async () => (await b.srrd.status()).services.find(({ name }) => name === 'DISK')?.owner === b.routerId, {
    what: 'b owns DISK',
  });
});

function srrctl(...args: string[]) {
  return machine.exec(['/usr/lib/srrd/bin/srrctl', ...args], { timeoutMs: 300_000 });
}

function quietMakefile(host: Host): string {
  const folder = join(host.directory, 'disk');
  if (!existsSync(folder)) mkdirSync(folder);
  const file = join(folder, 'Makefile');
  writeFileSync(file, MAKEFILE.replaceAll(/\n\t.*/g, ''));
  return file;
}
