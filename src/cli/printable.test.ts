import { expect, test } from 'vitest';
import { printable, printableLine } from './printable.js';

test('an escape sequence from another node does not reach the terminal', () => {
  expect(printable('bad\u001b[2Jname\u0007\u009b')).toBe('bad\ufffd[2Jname\ufffd\ufffd');
});

test('lines, tabs and letters of any language stay', () => {
  expect(printable('a\tb\nÜberlauf – 語\n')).toBe('a\tb\nÜberlauf – 語\n');
});

test('a name cannot reorder its line, nor begin another one', () => {
  expect(printable('a\u202eb\u2066c\u2028d')).toBe('a\ufffdb\ufffdc\ufffdd');
  expect(printableLine('anna\n2026-01-01 beta')).toBe('anna\ufffd2026-01-01 beta');
});
