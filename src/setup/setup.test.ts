import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FakeVty, fakeUnixVty } from '../routing/vty/testing.js';
import { applyPlan } from './apply.js';
import { describePlan, editedFiles } from './describe.js';
import type { PrefixedInterface } from './frr/prefixes.js';
import { configurationOf, type Look, lookAround } from './look.js';
import { isEmpty, planFor } from './plan.js';
import { undoLast } from './undo.js';
import { checkedKey, keyIn, NO_WISHES, type Wishes } from './wishes.js';

/** A description in Latin-1, which is no UTF-8. */
const FILE = Buffer.from(
  'interface eth0\n description B\xfcro\nexit\nrouter ospf\n ospf router-id 10.0.0.1\n timers throttle spf 1 2 3000\nexit\n',
  'latin1',
);
const RUNNING = 'router ospf\n ospf router-id 10.0.0.1\n timers throttle spf 1 2 3000\nexit\n';
const ETH0: PrefixedInterface = {
  ...{ name: 'eth0', addresses: ['10.1.1.11'], prefix: '10.1.1.0/24' },
  ...{ joins: false, byInterface: false },
};
const DOCUMENT = readFileSync(new URL('../../docs/frr-setup.md', import.meta.url), 'utf8');

let folder: string;
let file: string;
let vty: FakeVty;
let meanwhile = () => {};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-setup-'));
  file = join(folder, 'frr.conf');
  writeFileSync(file, FILE);
  meanwhile = () => {};
  vty = await fakeUnixVty(
    (command) => {
      if (command === 'timers throttle spf 0 10 100') meanwhile();
      return command === 'show running-config' ? { text: RUNNING } : {};
    },
    { path: join(folder, 'ospfd.vty') },
  );
  const own = `node: { name: alpha }\nvty: { socketDir: ${folder}, configDir: ${folder} }\nstateDir: ${folder}/state\n`;
  writeFileSync(join(folder, 'srrd.yaml'), own, { mode: 0o600 });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await vty.close();
  rmSync(folder, { recursive: true });
});

async function look(): Promise<Look> {
  const seen = await lookAround({
    ...{ configFile: join(folder, 'srrd.yaml'), frrDirectory: folder, nftablesFile: join(folder, 'nftables.conf') },
    askDaemon: () => Promise.reject(new Error('no srrd runs')),
  });
  // What this machine's nft has loaded is no matter here.
  const facts = { ...seen.facts, firewall: { known: false, why: 'nobody looks', level: null } } as const;
  return { ...seen, facts, interfaces: [ETH0] };
}

async function repair(...checks: readonly string[]): Promise<string> {
  const seen = await look();
  const { copies } = await applyPlan(planFor(seen, NO_WISHES, checks), seen, new Date(0));
  return copies[0]?.copy ?? '';
}

test('what is no UTF-8 stays as it was, byte by byte, and so does the copy', async () => {
  const copy = await repair('spf-throttle');
  expect(readFileSync(file, 'latin1')).toBe(FILE.toString('latin1').replace('1 2 3000', '0 10 100'));
  expect(readFileSync(copy).equals(FILE)).toBe(true);
});

test('what was written to the file since it was looked at is kept', async () => {
  meanwhile = () => writeFileSync(file, Buffer.concat([FILE, Buffer.from('ip route 192.0.2.0/24 blackhole\n')]));
  await repair('spf-throttle');
  expect(readFileSync(file, 'latin1')).toMatch(
    / timers throttle spf 0 10 100\nexit\nip route 192\.0\.2\.0\/24 blackhole\n$/,
  );
});

test('when something fails, FRR and the files are as they were, and there is nothing to undo', async () => {
  meanwhile = () => writeFileSync(file, 'hostname alpha\n');
  await expect(repair('spf-throttle')).rejects.toThrow(/has no `router ospf` any more.*Everything is as it was/);
  expect(readFileSync(file, 'latin1')).toBe('hostname alpha\n');
  expect(vty.commands).toContain('timers throttle spf 1 2 3000');
  expect(await undoLast(configurationOf(join(folder, 'srrd.yaml')))).toBeNull();
});

test('without nft its rule cannot be loaded: the file is as it was', async () => {
  vi.stubEnv('PATH', folder);
  await expect(repair('spf-throttle', 'api-open')).rejects.toThrow('apt-get install nftables. Everything is as it was');
  expect(readFileSync(file).equals(FILE)).toBe(true);
  expect(readdirSync(folder)).not.toContain('nftables.conf');
});

test('undo puts the file back and tells ospfd, and refuses once the file is another', async () => {
  const configuration = configurationOf(join(folder, 'srrd.yaml'));
  await repair('spf-throttle');
  const done = readFileSync(file);
  writeFileSync(file, `${done.toString('latin1')}! by hand\n`, 'latin1');
  await expect(undoLast(configuration)).rejects.toThrow(
    /^changed since 1970-01-01T00:00:00\.000Z: .*frr\.conf; nothing was put back/,
  );
  writeFileSync(file, done);
  expect(await undoLast(configuration)).toMatchObject({ files: [file], problems: [], restartLeft: false });
  expect(readFileSync(file).equals(FILE)).toBe(true);
  expect(vty.commands.at(-2)).toBe('timers throttle spf 1 2 3000');
});

test('undo leaves an instance and a profile that were there without a line, and takes new ones away', async () => {
  const has = 'interface eth0\n ip ospf area 0.0.0.0\nexit\n';
  for (const [ospf, profile, expected] of [
    ['router ospf\nexit\n', 'bfd\n profile srrd\n exit\nexit\n', []],
    ['', '', ['no router ospf', 'no profile srrd']],
  ] as const) {
    vty.commands.length = 0;
    const seen = await look();
    const running = { ospfd: has + ospf, bfdd: profile };
    const bfdd = await fakeUnixVty(() => ({}), { path: join(folder, 'bfdd.vty') });
    const told = planFor({ ...seen, running }, NO_WISHES).told;
    const nothing = { edits: [], making: [], nft: false, enable: false, restart: null, notes: [], needsKey: false };
    await applyPlan({ ...nothing, told }, { ...seen, running }, new Date(0));
    await undoLast(configurationOf(join(folder, 'srrd.yaml')));
    const gone = [...vty.commands, ...bfdd.commands].filter((line) => /^no (router|profile)/.test(line));
    expect(gone).toEqual(expected);
    await bfdd.close();
  }
});

test('BFD alone switches bfdd on, and nothing else, and then there is nothing to do', async () => {
  const daemons = join(folder, 'daemons');
  writeFileSync(daemons, 'ospfd=no\nbfdd=no\n');
  const ospfd =
    'interface eth0\n ip ospf area 0.0.0.0\n ip ospf bfd\n ip ospf bfd profile old\nexit\nrouter ospf\nexit\n';
  writeFileSync(file, ospfd);
  const seen = await look();
  const plan = planFor(seen, NO_WISHES, ['bfd']);
  expect(plan.restart).toBe(`${daemons} is another`);
  expect(editedFiles(plan.edits)).toEqual([
    { file: daemons, before: 'ospfd=no\nbfdd=no\n', after: 'ospfd=no\nbfdd=yes\n' },
  ]);
  writeFileSync(daemons, 'ospfd=no\nbfdd=yes\n');
  expect(isEmpty(planFor({ ...seen, running: { ospfd, bfdd: '' } }, NO_WISHES, ['bfd']))).toBe(true);
});

test('the unit of nftables is switched on, and that is shown, unless its file holds rules of somebody else', async () => {
  const off = { ...(await look()), nftablesIsOff: true };
  const plan = planFor(off, NO_WISHES, ['api-open']);
  expect([plan.enable, plan.notes]).toEqual([true, []]);
  expect(describePlan(plan, off)).toContain('systemctl enable nftables');
  writeFileSync(
    off.nftablesFile,
    'table ip mine {\n chain in { type filter hook input priority 0; policy drop; }\n}\n',
  );
  const other = planFor(off, NO_WISHES, ['api-open']);
  expect([other.enable, other.nft]).toEqual([false, true]);
  expect(describePlan(other, off)).toMatch(/Left to you: The unit nftables is off.*holds more/);
  expect(planFor({ ...off, nftablesIsOff: false }, NO_WISHES, ['api-open'])).toMatchObject({
    enable: false,
    notes: [],
  });
});

/** FRR as Debian installs it: nothing runs but zebra. */
async function fresh(wishes: Partial<Wishes>, major = 8) {
  rmSync(join(folder, 'ospfd.vty'));
  writeFileSync(file, 'log syslog informational\n');
  writeFileSync(join(folder, 'daemons'), 'ospfd=no\nbfdd=no\nospfd_options="  -A 127.0.0.1"\n');
  const seen = { ...(await look()), major };
  const plan = planFor(seen, { ...NO_WISHES, pki: join(folder, 'pki'), ...wishes });
  const texts = new Map(editedFiles(plan.edits).map((one) => [one.file, one.after]));
  return { plan, shown: describePlan(plan, seen), conf: texts.get(file) ?? '', texts, seen };
}

function documented(name: string): readonly string[] {
  const text = /```[a-z]*\n([\s\S]*?)```/.exec(DOCUMENT.slice(DOCUMENT.indexOf(`<!-- ${name} -->`)))?.[1] ?? '';
  return text.split('\n').filter((line) => line.trim() !== '' && line !== '!');
}

test.each([
  [8, '8.4'],
  [10, '10.3'],
])('a fresh FRR %i gets what docs/frr-setup.md says, and then there is nothing left', async (major, name) => {
  const wishes = { key: 'CHANGE-ME', priority: 0, routerId: '10.0.0.1' };
  const { conf, texts, shown, seen } = await fresh(wishes, major);
  const lines = ['frr.conf', 'frr.conf shared link', 'frr.conf authentication'].flatMap(documented);
  for (const line of lines) expect(conf.split('\n')).toContain(line);
  expect(conf.startsWith('log syslog informational\n')).toBe(true);
  const daemons = texts.get(join(folder, 'daemons')) ?? '';
  for (const line of documented(`daemons ${name}`)) expect(daemons.split('\n')).toContain(line);
  const rules = texts.get(join(folder, 'nftables.conf')) ?? '';
  expect(rules).toContain(documented('nftables').join('\n'));
  expect(shown).not.toContain('CHANGE-ME');
  for (const [name, text] of texts) writeFileSync(name, text, 'latin1');
  const again = planFor({ ...seen, running: { ospfd: conf, bfdd: conf } }, { ...NO_WISHES, ...wishes });
  expect([again.edits, again.told]).toEqual([[], []]);
});

test('certificates and a key are made where they are wanted, and srrd.yaml says so', async () => {
  const { plan, seen } = await fresh({ authority: true, sign: true, pki: join(folder, 'Büro') });
  expect(isEmpty(plan)).toBe(false);
  expect(plan.making.map(({ what }) => what.split(' ').slice(0, 3).join(' '))).toEqual([
    "the cluster's authority",
    'the certificate of',
    "this node's key",
  ]);
  const own = editedFiles(plan.edits).find((one) => one.file === seen.configFile)?.after ?? '';
  writeFileSync(seen.configFile, own, 'latin1');
  expect(configurationOf(seen.configFile)).toMatchObject({
    ...{ trust: 'sign', node: { name: 'alpha' } },
    web: {
      tls: { cert: join(folder, 'Büro', 'server', 'alpha.crt') },
      advertise: { host: '10.1.1.11', port: 8443 },
      access: [{ role: 'admin' }, { role: 'operator' }, { role: 'viewer' }],
    },
  });
});

test('what a machine does not have is refused in words', async () => {
  await expect(fresh({ interfaces: ['eth7'] })).rejects.toThrow('--interface eth7: expected an interface');
  writeFileSync(file, 'hostname alpha\n');
  vty = await fakeUnixVty((command) => (command === 'show running-config' ? { text: RUNNING } : {}), {
    path: join(folder, 'ospfd.vty'),
  });
  const seen = await look();
  expect(() => planFor(seen, NO_WISHES)).toThrow('write memory');
});

test('a key that others can read, or that FRR would cut, is refused and not repeated', () => {
  const key = join(folder, 'key');
  writeFileSync(key, 'lab-key\n', { mode: 0o644 });
  expect(() => keyIn(key)).toThrow('expected mode 0600, got 0644');
  rmSync(key);
  writeFileSync(key, ' lab-key \nmore\n', { mode: 0o600 });
  expect(keyIn(key)).toBe('lab-key');
  for (const wrong of ['', 'x'.repeat(17), 'a b', 'pass?word'])
    expect(() => checkedKey(wrong, 'the key')).toThrow(
      /^the key: expected a key of 1 to 16 characters, .* got something else$/,
    );
});
