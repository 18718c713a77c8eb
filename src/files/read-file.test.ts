import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRegularFile } from './read-file.js';

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-read-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each([0, 1, 10, 4096, 100_000])('a file of %d bytes is read whole', (length) => {
  writeFileSync(at('file'), 'x'.repeat(length));
  symlinkSync(at('file'), at('link'));
  expect(readRegularFile(at('link'), 100_000).toString()).toBe('x'.repeat(length));
});

test('a file that says it is empty and is not is read too', () => {
  expect(readRegularFile('/proc/self/status', 100_000).toString()).toContain('Name:');
});

test('of a file that is too long no more than that is read', () => {
  writeFileSync(at('file'), 'x'.repeat(11));
  expect(() => readRegularFile(at('file'), 10)).toThrow('it has 11 bytes, at most 10 are read');
});

test('what may have no end, or never begin, is refused at once', () => {
  execFileSync('mkfifo', [at('fifo')]);
  expect(() => readRegularFile(at('fifo'), 10)).toThrow('expected a regular file, it is a FIFO');
  expect(() => readRegularFile('/dev/zero', 10)).toThrow('expected a regular file, it is a device');
  expect(() => readRegularFile(folder, 10)).toThrow('expected a regular file, it is a folder');
  expect(() => readRegularFile(at('none'), 10)).toThrow('ENOENT');
});
