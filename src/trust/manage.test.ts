import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTrustKeys } from './key-files.js';
import { addKey, beginRotation, finishRotation, folderStatus, initTrust, removeKey } from './manage.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-trust-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ids = () => folderStatus(folder).listed.map(({ routerId, keyId }) => `${routerId} ${keyId}`);

test('a new node has a key that only its user can read, and is on its own list', () => {
  const { file, line } = initTrust(folder, '10.0.0.1', 'alpha');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'nodes.pub'), 'utf8')).toContain(`${line}\n`);
  expect(line).toMatch(/^10\.0\.0\.1 ed25519 [A-Za-z0-9+/]{43}= alpha$/);
  const { own, listed } = readTrustKeys(folder);
  expect(listed.map(({ key }) => key.id)).toEqual([own.publicKey.id]);
});

test('a key that is there is not overwritten', () => {
  initTrust(folder, '10.0.0.1', '');
  const before = readFileSync(join(folder, 'node.key'), 'utf8');
  expect(() => initTrust(folder, '10.0.0.1', '')).toThrow(/is there already/);
  expect(readFileSync(join(folder, 'node.key'), 'utf8')).toBe(before);
});

test('a key that others can read, or change, is refused with mode and remedy', () => {
  const { file } = initTrust(folder, '10.0.0.1', '');
  chmodSync(file, 0o640);
  expect(() => readTrustKeys(folder)).toThrow(/expected mode 0600, got 0640: .*chmod 600/);
  chmodSync(file, 0o600);
  chmodSync(join(folder, 'nodes.pub'), 0o666);
  expect(() => readTrustKeys(folder)).toThrow(/nodes\.pub has mode 0666/);
});

test('other nodes are added and removed by the line that they show', () => {
  initTrust(folder, '10.0.0.1', 'alpha');
  const other = mkdtempSync(join(tmpdir(), 'srrd-trust-'));
  const { line } = initTrust(other, '10.0.0.2', 'beta');
  const [theirs = ''] = folderStatus(other).listed.map(({ keyId }) => keyId);
  rmSync(other, { recursive: true });
  expect(addKey(folder, line)).toBe(`${theirs} speaks for 10.0.0.2.`);
  expect(ids()).toContain(`10.0.0.2 ${theirs}`);
  expect(() => addKey(folder, line)).toThrow(/is listed already/);
  expect(() => addKey(folder, '10.0.0.3 ed25519 xyz')).toThrow(/^expected a public key/);
  removeKey(folder, theirs);
  expect(ids()).not.toContain(`10.0.0.2 ${theirs}`);
  expect(() => removeKey(folder, theirs)).toThrow(/has no key/);
});

test('while a key is changed both count, and the old one can be removed when the new one is in use', () => {
  initTrust(folder, '10.0.0.1', 'alpha');
  const before = folderStatus(folder).keyId ?? '';
  beginRotation(folder);
  expect(() => beginRotation(folder)).toThrow(/is there already/);
  const next = folderStatus(folder).nextKeyId ?? '';
  expect(ids()).toEqual([`10.0.0.1 ${before}`, `10.0.0.1 ${next}`]);
  expect(() => removeKey(folder, before)).toThrow(/is the key that this node signs with/);
  expect(finishRotation(folder)).toEqual({ keyId: next, before });
  expect(() => finishRotation(folder)).toThrow(/is not there/);
  removeKey(folder, before);
  expect(folderStatus(folder)).toMatchObject({ keyId: next, nextKeyId: null, listed: [{ keyId: next }] });
  expect(statSync(join(folder, 'node.key')).mode & 0o777).toBe(0o600);
});

test('what cannot be read is said', () => {
  writeFileSync(join(folder, 'nodes.pub'), 'nonsense\n', { mode: 0o600 });
  expect(folderStatus(folder)).toMatchObject({ keyId: null, listed: [], problems: [expect.stringMatching(/line 1/)] });
});
