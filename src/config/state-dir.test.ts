import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkStateDir } from './index.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-state-dir-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function check(path: string): void {
  checkStateDir('/etc/srrd/srrd.yaml', join(folder, path));
}

it('of our own is taken, and one that only we can make', () => {
  mkdirSync(join(folder, 'state'), { mode: 0o711 });
  expect(() => check('state')).not.toThrow();
  expect(() => check('not/there/yet')).not.toThrow();
});

it('that anybody may write is refused with path and mode, also where a folder on the path is so, or a link leads there', () => {
  const open = join(folder, 'open');
  mkdirSync(join(open, 'state'), { recursive: true, mode: 0o700 });
  symlinkSync('open', join(folder, 'link'));
  chmodSync(open, 0o777);
  const refused = `stateDir: ${open} has mode 0777, so anybody may change what srrd runs; chmod go-w ${open}`;
  for (const path of ['open', 'open/state', 'open/new', 'link/state']) expect(() => check(path), path).toThrow(refused);
});

it('that others could make before us is refused', () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o1777);
  expect(() => check('open/new')).toThrow('is not there, and others may make it');
});
