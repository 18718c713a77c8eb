import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootMachine, createLab, type Lab, type Machine } from '../lab/index.js';

// services/systemd in a machine of its own. `srrctl service try` does not see what systemd runs, so its trials are here.

const FOLDER = join(import.meta.dirname, '../../services/systemd');
/** It takes a moment to be ready, and says so. */
const SHOP = `[Service]
Type=notify
NotifyAccess=all
ExecStartPre=/bin/bash -c 'echo shop >> /run/order'
ExecStart=/bin/bash -c 'sleep 0.3; echo open; systemd-notify --ready; : > /run/ready; exec sleep infinity'
ExecStopPost=/bin/bash -c 'rm -f /run/ready; echo not shop >> /run/order'
ExecReload=/bin/bash -c 'echo reloaded >> /run/order'
Restart=always
`;
/** Stands for multi-user.target. */
const BOOT = '[Unit]\nWants=shop.service\n';
const STORE = `[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/bash -c 'echo store >> /run/order'
ExecStop=/bin/bash -c 'echo not store >> /run/order'
`;

const unit = (name: string) => `/etc/systemd/system/${name}`;

interface Ended {
  readonly exitCode: number;
  /** Both streams. */
  readonly output: string;
}

let lab: Lab;
let machine: Machine;

beforeAll(async () => {
  lab = await createLab({ name: 'units' });
  const host = await lab.plainHost('m', { subnets: [] });
  machine = await bootMachine(host, {
    files: {
      [unit('shop.service')]: SHOP,
      [unit('store.service')]: STORE,
      [unit('broken.service')]: `[Service]\nExecStart=/bin/bash -c 'echo no stock; exit 4'\nType=oneshot\n`,
      [unit('brief.service')]: '[Service]\nType=oneshot\nExecStart=/bin/true\n',
      [unit('boot.target')]: BOOT,
    },
  });
});

afterAll(() => lab?.destroy());

/** Runs a line of bash in the machine, to its end. */
async function tell(text: string): Promise<Ended> {
  const { exitCode, stdout } = await machine.tryExec(['bash', '-c', `exec 2>&1; ${text}`], { timeoutMs: 120_000 });
  return { exitCode, output: stdout };
}

/** The same; throws if it fails. Returns what it printed. */
async function mustTell(text: string): Promise<string> {
  const { exitCode, output } = await tell(text);
  if (exitCode !== 0) throw new Error(`${text}: exit status ${exitCode}: ${output}`);
  return output;
}

const write = (path: string, text: string) => machine.exec(['tee', path], { input: text });

interface Variables {
  readonly UNIT: string;
  readonly CHECK?: string;
  readonly SRRD_FAILURE?: string;
}

const shop: Variables = { UNIT: 'store shop', CHECK: '[[ -e /run/ready ]] || { echo it is closed; exit 1; }' };

function line(target: string, variables: Variables): string {
  const environment = Object.entries({ SRRD_SERVICE: 'SHOP', SRRD_NODE: 'alpha', LC_ALL: 'C', ...variables });
  const words = environment.map(([name, value]) => `${name}='${value}'`).join(' ');
  return `cd ${FOLDER} && env ${words} make -f ${FOLDER}/Makefile --no-print-directory ${target}`;
}

const call = (target: string, variables = shop): Promise<Ended> => tell(line(target, variables));

/** Throws if it fails. Returns the last line that the recipe printed. */
async function must(target: string, variables = shop): Promise<string> {
  return (await mustTell(line(target, variables))).trimEnd().split('\n').at(-1) ?? '';
}

/** The reason that srrd would show. */
async function refusal(target: string, variables = shop): Promise<string> {
  const { exitCode, output } = await call(target, variables);
  expect(exitCode).toBe(2);
  return output.split('\n').filter((text) => !text.startsWith('make: '))[0] ?? '';
}

const stateOf = (unit: string): Promise<string> => mustTell(`systemctl show -p ActiveState --value ${unit}`);
const order = async (): Promise<string[]> => (await mustTell('cat /run/order; : > /run/order')).trim().split('\n');

it('starts units in their order, comes back when they are ready, and stops them the other way round', async () => {
  await must('activate');
  await must('stop');
  expect(await refusal('check')).toMatch(/^store.service is inactive/);
  await must('start');
  await must('check');
  await must('start');
  expect(await order()).toEqual(['store', 'shop']);
  expect((await call('status')).output).toContain('open');
  await must('reload');
  expect(await order()).toEqual(['reloaded']);
  await must('restart');
  await must('check');
  expect(await order()).toEqual(['not shop', 'not store', 'store', 'shop']);
  await must('stop');
  await must('stop');
  expect(await order()).toEqual(['not shop', 'not store']);
  expect(await refusal('check')).toMatch(/^store.service is inactive/);
});

it('leaves a unit to nobody else: not to the boot, not to a person, until it is deactivated', async () => {
  await must('activate');
  const byOthers = async (): Promise<string> => {
    await mustTell('systemctl start boot.target shop');
    return stateOf('shop');
  };
  expect(await byOthers()).toBe('inactive');
  await must('start');
  await must('stop');
  expect(await byOthers()).toBe('inactive');
  await must('deactivate');
  await must('deactivate');
  expect(await byOthers()).toBe('active');
  expect((await tell('ls -d /etc/systemd/system/*.d')).output).toContain('cannot access');
  await mustTell('systemctl stop shop; : > /run/order');
});

it('says why a unit cannot be used, with its last words', async () => {
  expect(await refusal('activate', { UNIT: 'nowhere' })).toMatch(/^nowhere.service is not-found: expected a unit/);
  expect(await refusal('activate', { UNIT: 'shop;reboot' })).toMatch(/^UNIT: expected names of units, got shop;reboot/);
  expect(await refusal('activate', { UNIT: '' })).toMatch(/^UNIT is not set/);
  expect(await refusal('start', { UNIT: 'broken' })).toBe('broken.service is failed, exit-code: no stock');
  expect(await refusal('start', { UNIT: 'brief' })).toMatch(/needs RemainAfterExit=yes$/);
  await must('stop', { UNIT: 'nowhere broken brief' });
  const { output } = await call('failed', { UNIT: 'broken', SRRD_FAILURE: '$(touch /run/carried-out)' });
  expect(output).toMatch(/no stock[\s\S]*SHOP failed on alpha: \$\(touch/);
  expect((await tell('test -e /run/carried-out')).exitCode).toBe(1);
});

it('follows its units: the watch ends with the unit, and says how', async () => {
  await must('activate');
  await must('start');
  const watched = call('watch');
  await mustTell('until [[ $(pgrep -cx systemctl) = 2 ]]; do sleep 0.1; done');
  await mustTell('systemctl kill --kill-whom=main --signal KILL shop');
  const { exitCode, output } = await watched;
  expect([exitCode, output.split('\n')[0]]).toEqual([2, 'shop.service is failed, signal: open']);
  expect((await tell('pgrep -x systemctl')).output).toBe('');
  expect(await refusal('check')).toBe('shop.service is failed, signal: open');
  expect(await refusal('watch')).toBe('shop.service is failed, signal: open');
  await must('start');
  await must('check');
  await must('stop');
});

it('sees a hang by CHECK alone, and stops what hangs', async () => {
  await must('activate');
  await must('start');
  await mustTell('systemctl kill --kill-whom=all --signal STOP shop; rm /run/ready');
  expect(await refusal('check')).toBe('it is closed');
  await must('stop');
  expect(await stateOf('shop')).toBe('inactive');
});

it('leaves nothing after a start that was killed half-way', async () => {
  await must('activate');
  for (const seconds of [0.05, 0.1, 0.2, 0.3, 0.5]) {
    const start = line('start', shop).replace(/^.*&& /, '');
    // `true`: bash would become the last command, and be killed for it.
    await tell(`timeout --signal KILL ${seconds} setsid --wait ${start} -C ${FOLDER}; true`);
    await must('stop');
    expect([await stateOf('store'), await stateOf('shop')]).toEqual(['inactive', 'inactive']);
  }
  await must('start');
  await must('check');
  await must('stop');
});

it('is stopped by srrd when the machine goes down, before systemd would', async () => {
  await must('activate');
  await write(
    '/usr/local/bin/stop-shop',
    `#!/bin/bash\n${line('stop', shop)} > /mnt/shared/stopped 2>&1\necho "$?" >> /mnt/shared/stopped\ncat /run/order >> /mnt/shared/stopped\n`,
  );
  await write(
    '/etc/systemd/system/srrd.service',
    '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/bash /usr/local/bin/stop-shop\nTimeoutStopSec=90\n',
  );
  await mustTell('systemctl daemon-reload; systemctl start srrd');
  await must('start');
  await order();
  await machine.exec(['systemctl', 'poweroff', '--no-block']);
  await machine.process.ended;
  expect(readFileSync(join(machine.shared.outside, 'stopped'), 'utf8').split('\n')).toEqual([
    '0',
    'not shop',
    'not store',
    '',
  ]);
});
