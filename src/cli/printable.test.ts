import { expect, test } from 'vitest';
import { printable } from './printable.js';

test('an escape sequence from another node does not reach the terminal', () => {
  expect(printable('bad\u001b[2Jname\u0007\u009b')).toBe('bad\ufffd[2Jname\ufffd\ufffd');
});

test('lines, tabs and letters of any language stay', () => {
  expect(printable('a\tb\nÜberlauf – 語\n')).toBe('a\tb\nÜberlauf – 語\n');
});
