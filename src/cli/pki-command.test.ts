import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EXIT } from './srrctl.js';
import { run } from './testing.js';

const scratch = mkdtempSync(join(tmpdir(), 'srrd-pki-cli-'));
const dir = join(scratch, 'pki');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function pki(...args: string[]) {
  return run('pki', ...args, '--dir', dir);
}

test('from an empty folder to a revoked client, as an operator would', async () => {
  expect(await pki('list')).toMatchObject({ code: EXIT.refused, err: expect.stringContaining('srrctl pki init') });
  expect(existsSync(dir)).toBe(false);
  expect(await pki('init', '--name', 'shop')).toMatchObject({ code: EXIT.done });
  expect((await pki('list')).out).toBe('no certificate was issued\n');

  const server = await pki('server', 'alpha', '10.0.0.1', 'alpha.example.org');
  expect(server.out).toContain(`web.tls.cert  ${dir}/server/alpha.crt`);

  const made = await pki('client', 'jane', '--role', 'operator');
  expect(made.out).toMatch(/its password {4}([A-Z2-9]{5}-){3}/);
  expect(made.out).toContain('subject: "OU=operator"');
  const file = join(scratch, 'password');
  writeFileSync(file, 'correct horse\n');
  expect((await pki('client', 'john', '--role', 'viewer', '--password-file', file)).out).not.toMatch(/password|horse/);

  expect((await pki('revoke', 'jane')).out).toContain('crl.pem has number 2 now');
  const { out } = await pki('list');
  expect(out).toMatch(/client {2}jane {3}operator .* revoked \d{4}-\d\d-\d\d/);
  expect(out).toMatch(/server {2}alpha {2}10\.0\.0\.1,alpha\.example\.org .* counts/);
  const { certificates } = JSON.parse((await pki('list', '--json')).out);
  expect(certificates.map(({ name, role }: { name: string; role: string }) => [name, role])).toEqual([
    ['alpha', null],
    ['jane', 'operator'],
    ['john', 'viewer'],
  ]);
});

test.each([
  ['client', 'jane'],
  ['client', 'jane', '--role', 'root'],
  ['server', 'alpha'],
  ['server', 'alpha', '10.0.0.1', '--days', '0'],
])('srrctl pki %s %s %s is wrong usage', async (...args) => {
  expect((await pki(...args)).code).toBe(EXIT.usage);
});

test.each(['init', 'server', 'client', 'revoke', 'list'])('srrctl pki %s --help ends with an example', async (name) => {
  expect((await pki(name, '--help')).out).toMatch(/Example:\n {2}srrctl pki .*\n\n?$/);
});
