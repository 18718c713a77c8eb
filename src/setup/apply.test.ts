import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeUnixVty } from '../routing/vty/testing.js';
import { applyPlan } from './apply.js';
import { configurationOf, type Look, textOf } from './look.js';
import type { Plan } from './plan.js';
import { isUnit } from './systemd.js';
import { undoLast } from './undo.js';

vi.mock('./systemd.js', { spy: true });

const NOTHING: Plan = {
  ...{ edits: [], told: [], making: [], nft: false, enable: false, restart: null, notes: [], needsKey: false },
};

let folder: string;
let conf: string;
let look: Look;

/** A systemctl and an nft that write down what they are told, and fail once for each line in `failing`. */
const PROGRAM = `#!/bin/sh
said="$(basename "$0") $*"
cd "$(dirname "$0")/.."
echo "$said" >> log
if [ "$said" = "nft -f -" ]; then cat > rules; fi
if grep -qxF "$said" failing; then
  grep -nxF "$said" failing | head -n 1 | cut -d: -f1 > at
  sed -i "$(cat at)d" failing
  echo "it fails" >&2
  exit 1
fi
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-apply-'));
  conf = join(folder, 'frr.conf');
  writeFileSync(conf, 'before\n');
  writeFileSync(join(folder, 'failing'), '');
  mkdirSync(join(folder, 'bin'));
  for (const name of ['systemctl', 'nft']) writeFileSync(join(folder, 'bin', name), PROGRAM, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env.PATH}`);
  vi.mocked(isUnit).mockReturnValue(true);
  const own = join(folder, 'srrd.yaml');
  writeFileSync(own, `vty: { socketDir: ${folder}, configDir: ${folder} }\nstateDir: ${folder}/state\n`, {
    mode: 0o600,
  });
  const files = { ospfd: conf, bfdd: conf, daemons: null };
  const configuration = configurationOf(own);
  const running = { ospfd: '', bfdd: null };
  look = {
    configuration,
    configFile: own,
    nftablesFile: join(folder, 'nftables.conf'),
    files,
    running,
  } as unknown as Look;
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const EDIT = { check: 'ospf-api', edit: () => 'after\n' };

const apply = (plan: Partial<Plan>) =>
  applyPlan({ ...NOTHING, edits: [{ ...EDIT, file: conf }], ...plan }, look, new Date(0));

const undo = () => undoLast(look.configuration);

const failing = (...lines: readonly string[]) => writeFileSync(join(folder, 'failing'), `${lines.join('\n')}\n`);

const log = () => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');

test('a restart of FRR that fails is made good: with its files as they were it is restarted again', async () => {
  failing('systemctl restart frr');
  await expect(apply({ restart: 'it is another' })).rejects.toThrow(/it fails\. Everything is as it was\.$/);
  expect(log()).toEqual(['systemctl restart frr', 'systemctl restart frr']);
  expect(readFileSync(conf, 'utf8')).toBe('before\n');
  expect(await undo()).toBeNull();
});

test('where FRR does not come back either it is said, and undo tries it again', async () => {
  failing('systemctl restart frr', 'systemctl restart frr', 'systemctl restart frr');
  await expect(apply({ restart: 'it is another' })).rejects.toThrow(/Not as it was: FRR may not run .*--undo tries/);
  expect(readFileSync(conf, 'utf8')).toBe('before\n');
  expect((await undo())?.problems).toEqual([expect.stringContaining('FRR may not run')]);
  expect(await undo()).toMatchObject({ problems: [], restartLeft: false });
  expect(log()).toHaveLength(4);
  expect(await undo()).toBeNull();
});

test('FRR is restarted when it is done, and when it is undone', async () => {
  expect(await apply({ restart: 'it is another' })).toMatchObject({ restartLeft: false });
  expect(await undo()).toMatchObject({ problems: [], restartLeft: false });
  expect(log()).toEqual(['systemctl restart frr', 'systemctl restart frr']);
});

test('a unit of nftables that cannot be switched on leaves no rule behind', async () => {
  failing('systemctl enable nftables', 'nft list table inet srrd');
  await expect(apply({ nft: true, enable: true })).rejects.toThrow('Everything is as it was.');
  expect(readFileSync(join(folder, 'rules'), 'utf8')).toBe('table inet srrd\ndelete table inet srrd\n');
  expect(log().filter((line) => line === 'nft -f -')).toHaveLength(2);
});

test('what could not be put back is kept, and put back the next time', async () => {
  const open = () => fakeUnixVty(() => ({}), { path: join(folder, 'ospfd.vty') });
  const vty = await open();
  await apply({ told: [{ check: 'bfd', daemon: 'ospfd', context: ['interface eth0'], lines: ['ip ospf bfd'] }] });
  await vty.close();
  rmSync(join(folder, 'ospfd.vty'), { force: true });
  expect((await undo())?.problems).toHaveLength(1);
  expect(readFileSync(conf, 'utf8')).toBe('before\n');
  const again = await open();
  expect(await undo()).toMatchObject({ problems: [], files: [] });
  expect(again.commands).toContain('no ip ospf bfd');
  expect(await undo()).toBeNull();
  await again.close();
});

test('a key that could not be told again is not replaced, nor shown', async () => {
  const context = ['interface eth0'];
  look = { ...look, running: { ospfd: `${context}\n ip ospf message-digest-key 1 md5 Secret!23\nexit\n`, bfdd: null } };
  const told = [{ check: '', daemon: 'ospfd', context, lines: ['ip ospf message-digest-key 1 md5 new'] }] as const;
  await expect(apply({ told })).rejects.toThrow(/^ospfd runs with .* md5 \*\*\*`.* Nothing was changed$/);
  expect(existsSync(join(folder, 'state'))).toBe(false);
});

test('nothing is written or read through a link', async () => {
  const secret = join(folder, 'shadow');
  writeFileSync(secret, 'root\n');
  const copy = `${conf}.before-srrctl-1970-01-01T000000.000Z`;
  symlinkSync(secret, copy);
  await expect(apply({})).rejects.toThrow(/EEXIST|exists/);
  rmSync(copy);
  await apply({});
  rmSync(copy);
  symlinkSync(secret, copy);
  expect((await undo())?.problems).toEqual([expect.stringContaining('got a link')]);
  rmSync(copy);
  writeFileSync(copy, 'another\n');
  expect((await undo())?.problems).toEqual([expect.stringContaining('mend it by hand')]);
  expect(readFileSync(conf, 'utf8')).toBe('after\n');
  rmSync(conf);
  symlinkSync(secret, conf);
  expect(() => textOf(conf)).toThrow('got a link');
  await expect(apply({})).rejects.toThrow('got a link');
  expect(readFileSync(secret, 'utf8')).toBe('root\n');
});
