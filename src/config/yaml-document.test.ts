import { describe, expect, test } from 'vitest';
import {
  DEFINITION_LIMITS,
  documentsIn,
  parseBounded,
  plainValue,
  tooMuchIn,
  UnreadableYaml,
} from './yaml-document.js';

const SIZE = DEFINITION_LIMITS.bytes;
const filled = (part: (index: number) => string) => {
  let text = '';
  for (let index = 0; text.length < SIZE - 200; index += 1) text += part(index);
  return text;
};

test.each(['"\\uhunt"', '"\\xZZhunter2"', '}hunter2', '|hunter2', '!<hunter2 x', '>9hunter2', '"hunter2"hunter2'])(
  'what is wrong is said without what may be a password: %s',
  (value) => {
    const { errors } = parseBounded(`password: ${value}`, DEFINITION_LIMITS);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map(({ message }) => message).join()).not.toContain('hunt');
  },
);

describe('a text that would take long to parse', () => {
  test.each([
    ['one byte too many', `a: ${'x'.repeat(SIZE)}`],
    ['keys', filled((index) => `k${index}: 1\n`)],
    ['keys in braces', `{${filled((index) => `k${index}: 1, `)}}`],
    ['commas', `[${','.repeat(SIZE - 10)}]`],
    ['errors', filled(() => '}\n')],
    ['anchors', filled((index) => `- &a${index} 1\n`)],
    ['lists in lists', '- '.repeat(SIZE / 2)],
    ['brackets in brackets', '['.repeat(SIZE - 1)],
    ['keys of keys', '? '.repeat(SIZE / 2)],
    ['sections in sections', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
    ['comments', '#\n'.repeat(SIZE / 2)],
  ])('is refused before that: %s', (_, text) => {
    expect(() => plainValue(parseBounded(text, DEFINITION_LIMITS))).toThrow(UnreadableYaml);
  });

  test.each([
    ['aliases', `a: &a [${'x,'.repeat(200)}]\nb: &b [${'*a,'.repeat(90)}]\nc: [${'*b,'.repeat(90)}]\n`],
    ['an alias of nothing', 'a: *nothing\n'],
  ])('is refused when its value is asked for: %s', (_, text) => {
    expect(() => plainValue(parseBounded(text, DEFINITION_LIMITS))).toThrow(/^is not valid YAML: /);
  });
});

describe('a directive', () => {
  test.each([
    '%YAML 1.1\n---\na: yes\n',
    '# first\n%YAML 1.1\n---\na: 010\n',
    '\ufeff%YAML 1.1\n---\na: 1\n',
    '%TAG ! tag:yaml.org,2002:\n---\na: 1\n',
    'a: 1\n...\n%YAML 1.1\n---\nb: 1\n',
  ])('is refused: %j', (text) => {
    expect(() => parseBounded(text, DEFINITION_LIMITS)).toThrow(/^has the directive "%/);
    expect(() => [...documentsIn(text, DEFINITION_LIMITS)]).toThrow(/^has the directive "%/);
  });

  test.each([
    ['%YAML 1.2\n---\na: yes\n', { a: 'yes' }],
    ['a: |\n  %YAML 1.1\n', { a: '%YAML 1.1\n' }],
    ['a: "x\n  %YAML 1.1"\n', { a: 'x %YAML 1.1' }],
    ['a: x\n  %YAML 1.1\n', { a: 'x %YAML 1.1' }],
  ])('is not what says the same, nor text: %j', (text, value) => {
    const document = parseBounded(text, DEFINITION_LIMITS);
    expect([document.errors, plainValue(document)]).toEqual([[], value]);
  });
});

test.each(['__proto__: { a: 1 }', 'variables: { __proto__: x }'])(
  'a key that an object loses is an error: %s',
  (text) => {
    const [error] = parseBounded(text, DEFINITION_LIMITS).errors;
    expect(error?.message).toBe('expected a key other than __proto__');
  },
);

test('400 variables, long text and comments are read', () => {
  const keys = Array.from({ length: 400 }, (_, index) => [`V${index}`, `v${index}`]);
  const text = `# ${'x'.repeat(10_000)}\nvariables:\n${keys.map(([key, value]) => `  ${key}: ${value}\n`).join('')}long: |\n${'  x y: [z\n'.repeat(1000)}`;
  const value = plainValue(parseBounded(text, DEFINITION_LIMITS));
  expect(value).toEqual({ variables: Object.fromEntries(keys), long: 'x y: [z\n'.repeat(1000) });
});

test.each([
  ['a: 1\nb: 2\na: 3\n', 10],
  ['{ x: { a: 1, a: 2 } }', 13],
])('a key that is there twice is an error where it is: %j', (text, offset) => {
  const [error, ...more] = parseBounded(text, DEFINITION_LIMITS).errors;
  expect([error?.message, error?.pos[0], more]).toEqual(['Map keys must be unique', offset, []]);
});

test.each([
  ['%YAML 1.2\n---\na: 1\n', [{ a: 1 }]],
  ['# first\n%YAML 1.2\n# and\n---\na: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
  ['\ufeff%YAML 1.2\n---\na: 1\n', [{ a: 1 }]],
  ['a: 1\n...\n%YAML 1.2\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
  ['a: |\n  x\n  %YAML 1.2\n---\nb: 2\n', [{ a: 'x\n%YAML 1.2\n' }, { b: 2 }]],
])('in a text of several a directive that says the same is none either: %j', (text, expected) => {
  const documents = [...documentsIn(text, DEFINITION_LIMITS)].map(({ document }) => document);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  expect(documents.map(plainValue)).toEqual(expected);
});

test('several documents have the limits of one each', () => {
  const document = `name: A\nvariables:\n  TEXT: |\n    ---\n    x\n${filled(() => `# ${'x'.repeat(70)}\n`)}`;
  const values = [...documentsIn(`---\n${document}--- # the second\n${document}---\n`, DEFINITION_LIMITS)].map(
    ({ document }) => plainValue(document),
  );
  const expected = { name: 'A', variables: { TEXT: '---\nx\n' } };
  expect(values.filter((value) => value !== null)).toEqual([expected, expected]);
});

test.each([
  ['keys', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1]))],
  ['depth', JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
])('JSON with too many %s is refused', (_, value) => {
  expect(tooMuchIn(value, DEFINITION_LIMITS)).toContain('it is no such file');
  expect(tooMuchIn({ name: 'A', check: { interval: '1s' } }, DEFINITION_LIMITS)).toBeUndefined();
});

test('a second document is told in words, and a key that is a list without a warning of the parser', async () => {
  const [error] = parseBounded('name: A\n---\nname: B\n', DEFINITION_LIMITS).errors;
  expect(error?.message).toBe('expected one document, got several: --- begins another one');
  const warnings: Error[] = [];
  const hear = (warning: Error) => void warnings.push(warning);
  process.on('warning', hear);
  plainValue(parseBounded('? [a, b]\n: c\n', DEFINITION_LIMITS));
  // A warning is told in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});
