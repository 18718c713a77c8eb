import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfiguration, readableSecrets } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'srrd-readable-'));
const file = join(folder, 'srrd.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

function found(text: string, mode: number): string | null {
  writeFileSync(file, text);
  chmodSync(file, mode);
  return readableSecrets(file, loadConfiguration(file));
}

const WITH_PASSWORD = 'node: { name: a }\nvty: { ospfd: { password: zebra } }\n';

test.each([0o644, 0o640, 0o604])('passwords in a file of mode %o are told of', (mode) => {
  expect(found(WITH_PASSWORD, mode)).toContain(`chmod 600 ${file}`);
});

test('a file that nobody else may read, and one without passwords, is not', () => {
  expect(found(WITH_PASSWORD, 0o600)).toBeNull();
  expect(found('node: { name: a }\n', 0o644)).toBeNull();
});
