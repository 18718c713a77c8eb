import { lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { real } from './files.js';

vi.mock('node:fs', { spy: true });

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-files-'));
  writeFileSync(join(folder, 'target'), '');
  symlinkSync('target', join(folder, 'frr.conf'));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('a link of root or of oneself is what it leads to; one of another user is refused', () => {
  const link = join(folder, 'frr.conf');
  expect(real(link)).toBe(join(folder, 'target'));
  const foreign = Object.assign(lstatSync(link), { uid: 4321 });
  vi.mocked(lstatSync).mockReturnValueOnce(foreign);
  expect(() => real(link)).toThrow('expected a file or a link of root, got a link of user 4321');
});
