import { expect, test } from 'vitest';
import { diff } from './diff.js';

test('shows what is another, with two lines around it', () => {
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'].join('\n');
  const after = before.replace('c\n', 'C\n').replace('j\n', '').replace('i\n', 'i\ni2\n');
  expect(diff(before, after)).toEqual([
    ...[' a', ' b', '-c', '+C', ' d', ' e'],
    ...['...', ' h', ' i', '-j', '+i2', ' k'],
  ]);
});

test('of a file that is not there every line is new; the same text is no change', () => {
  expect(diff('', 'a\nb')).toEqual(['+a', '+b']);
  expect(diff('a\nb', 'a\nb')).toEqual([]);
});
