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

test('of long texts that have little in common, all lines between are shown as others', () => {
  const text = (name: string) => Array.from({ length: 1_500 }, (_, at) => (at % 2 === 0 ? 'same' : `${name}${at}`));
  const [before, after] = [text('a'), text('b')];
  const shown = diff(['x', ...before, 'y'].join('\n'), ['x', ...after, 'y'].join('\n'));
  expect(shown.filter((line) => line === '-same')).toHaveLength(749);
  expect(shown.filter((line) => line.startsWith('+b'))).toHaveLength(750);
});
