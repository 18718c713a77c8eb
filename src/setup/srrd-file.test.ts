import { expect, test } from 'vitest';
import { withKeys, withoutSecrets } from './srrd-file.js';

const NAME = { path: ['node', 'name'], value: 'alpha' };

test.each([
  ['# Every key has a default.\n{}\n', '# Every key has a default.\nnode:\n  name: alpha\n'],
  ['', 'node:\n  name: alpha\n'],
  ['# nothing yet\n', '# nothing yet\n\nnode:\n  name: alpha\n'],
  ['node:\n  # name: x\ntrust: sign\n', 'node:\n  # name: x\n  name: alpha\ntrust: sign\n'],
  ['node: { name: beta } # the old one\ntrust: sign\n', 'node: { name: alpha } # the old one\ntrust: sign\n'],
])('%j becomes %j', (text, expected) => {
  expect(withKeys(text, [NAME])).toBe(expected);
  expect(withKeys(expected, [])).toBe(expected);
});

test.each(['- a\n', 'a: [\n', 'node: alpha\n', 'node: [alpha]\n'])('%j is left to a person', (text) => {
  expect(() => withKeys(text, [NAME])).toThrow('expected');
});

test.each([
  ['vty:\n  password: hunter2\n  host: a\n', 'vty:\n  password: ***\n  host: a\n'],
  ['vty: {host: a, enablePassword: "hunter2", port: 1}\n', 'vty: {host: a, enablePassword: ***, port: 1}\n'],
  ['token: |\n  hunter2\n  hunter2\nb: 1\n', 'token: ***\nb: 1\n'],
  ['a: &p hunter2\npassword: *p\n', 'a: &p ***\npassword: ***\n'],
  ['keys:\n  - { secret: hunter2 }\nb: 1\n', null],
  ['a: 1 # password: hunter2\n# secret = hunter2\n', 'a: 1 # password: ***\n# secret = ***\n'],
  ['password:\nb: 1\n', 'password:\nb: 1\n'],
])('a secret of srrd.yaml is not shown: %j', (text, expected) => {
  const shown = withoutSecrets(text);
  expect(shown).not.toContain('hunter2');
  if (expected !== null) expect(shown).toBe(expected);
});
