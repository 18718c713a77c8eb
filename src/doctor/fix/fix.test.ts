import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeVty, fakeUnixVty } from '../../routing/vty/testing.js';
import type { Finding } from '../finding.js';
import { applyFix, fixFor } from './fix.js';

const THROTTLE: Finding = {
  check: 'spf-throttle',
  level: 'change',
  text: 'ospfd waits before it calculates.',
  remedies: [{ where: '/etc/frr/frr.conf', lines: ['router ospf', ' timers throttle spf 0 10 100', 'exit'] }],
};

/** A description in Latin-1, which is no UTF-8. */
const FILE = Buffer.from(
  'interface eth0\n description B\xfcro\nexit\nrouter ospf\n ospf router-id 10.0.0.1\nexit\n',
  'latin1',
);

let folder: string;
let file: string;
let vty: FakeVty;
let meanwhile = () => {};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-fix-'));
  file = join(folder, 'frr.conf');
  writeFileSync(file, FILE);
  meanwhile = () => {};
  const path = join(folder, 'ospfd.vty');
  vty = await fakeUnixVty(
    (command) => {
      if (command.includes('timers throttle spf')) meanwhile();
      return {};
    },
    { path },
  );
  writeFileSync(join(folder, 'srrd.yaml'), `node: { name: alpha }\nvty: { socketDir: ${folder} }\n`);
});

afterEach(async () => {
  await vty.close();
  rmSync(folder, { recursive: true });
});

async function fix(): Promise<string | null> {
  const of = { configFile: join(folder, 'srrd.yaml'), frrDirectory: folder };
  const planned = fixFor([THROTTLE], of);
  if (planned === null) throw new Error('expected something to put right');
  return await applyFix(planned, of, new Date(0));
}

test('what is no UTF-8 stays as it was, byte by byte, and so does the copy', async () => {
  const copy = await fix();
  const expected = FILE.toString('latin1').replace('10.0.0.1\n', '10.0.0.1\n timers throttle spf 0 10 100\n');
  expect(readFileSync(file, 'latin1')).toBe(expected);
  expect(readFileSync(copy ?? '').equals(FILE)).toBe(true);
});

test('what was written to the file since it was looked at is kept', async () => {
  meanwhile = () => writeFileSync(file, Buffer.concat([FILE, Buffer.from('ip route 192.0.2.0/24 blackhole\n')]));
  await fix();
  expect(readFileSync(file, 'latin1')).toMatch(
    / timers throttle spf 0 10 100\nexit\nip route 192\.0\.2\.0\/24 blackhole\n$/,
  );
});

test('a file that has lost its block is left as it is, and the reason says so', async () => {
  meanwhile = () => writeFileSync(file, 'hostname alpha\n');
  await expect(fix()).rejects.toThrow('has no `router ospf` any more: write them by hand');
  expect(readFileSync(file, 'latin1')).toBe('hostname alpha\n');
});
