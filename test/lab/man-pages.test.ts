import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { run, tryRun } from './command.js';

it('the man pages are rendered without a warning', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'srrd-man-'));
  await run([join(CHECKOUT, 'scripts', 'man-pages.mjs'), folder]);
  const pages = readdirSync(folder).map((name) => join(folder, name));
  const said = [
    await tryRun(['mandoc', '-T', 'lint', '-W', 'warning', ...pages]),
    await tryRun(['groff', '-man', '-Tutf8', '-ww', '-z', ...pages]),
  ];
  rmSync(folder, { recursive: true });
  expect(pages.map((path) => path.slice(folder.length + 1)).sort()).toEqual([
    'srrctl.1',
    'srrd-definition.5',
    'srrd-makefile.7',
    'srrd.8',
    'srrd.yaml.5',
  ]);
  expect(said.map(({ stdout, stderr }) => stdout + stderr)).toEqual(['', '']);
});
