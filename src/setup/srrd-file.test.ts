import { expect, test } from 'vitest';
import { withKeys } from './srrd-file.js';

const NAME = { path: ['node', 'name'], value: 'alpha' };

test.each([
  ['# Every key has a default.\n{}\n', '# Every key has a default.\nnode:\n  name: alpha\n'],
  ['', 'node:\n  name: alpha\n'],
  ['# nothing yet\n', '# nothing yet\n\nnode:\n  name: alpha\n'],
  ['node: { name: beta } # the old one\ntrust: sign\n', 'node: { name: alpha } # the old one\ntrust: sign\n'],
])('%j becomes %j', (text, expected) => {
  expect(withKeys(text, [NAME])).toBe(expected);
  expect(withKeys(expected, [])).toBe(expected);
});

test.each(['- a\n', 'a: [\n'])('%j is left to a person', (text) => {
  expect(() => withKeys(text, [NAME])).toThrow('expected');
});
