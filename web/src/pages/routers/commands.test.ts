import { expect, test } from 'vitest';
import { asksFirst, completed, linesOf, remembered, withWord } from './commands.js';

test.each([
  ['show ip route', false],
  ['  LIST', false],
  ['find ospf', false],
  ['', false],
  ['configure terminal', true],
  ['sh ip route', true],
  ['clear ip ospf process', true],
  ['write', true],
])('"%s" asks first: %s', (line, expected) => expect(asksFirst(line)).toBe(expected));

test('a session’s lines are those that are commands', () => {
  expect(linesOf('configure terminal\n  router ospf\r\n!\n\n! comment\nend')).toEqual([
    'configure terminal',
    'router ospf',
    'end',
  ]);
});

test('the history keeps the newest last, and nothing twice', () => {
  expect(remembered(['a', 'b', 'c'], 'a')).toEqual(['b', 'c', 'a']);
  expect(
    remembered(
      Array.from({ length: 200 }, (_, index) => `x${index}`),
      'new',
    ),
  ).toHaveLength(200);
});

test.each([
  ['show ip os', ['ospf'], 'show ip ospf '],
  ['show ip ospf ', ['interface', 'internal'], 'show ip ospf inter'],
  ['show ', ['ip', 'version'], 'show '],
  ['', ['show'], 'show '],
  ['show ip', [], 'show ip'],
] as const)('"%s" with %j becomes "%s"', (line, words, expected) => {
  expect(
    completed(
      line,
      words.map((word) => ({ word, placeholder: false })),
    ),
  ).toBe(expected);
});

test('what stands for a value is not typed', () => {
  expect(completed('show ip ospf neighbor ', [{ word: 'A.B.C.D', placeholder: true }])).toBe('show ip ospf neighbor ');
  const both = [
    { word: 'detail', placeholder: false },
    { word: '<cr>', placeholder: true },
  ];
  expect(completed('show ip ospf neighbor ', both)).toBe('show ip ospf neighbor ');
});

test('a chosen word takes the place of the one that was begun', () => {
  expect(withWord('show ip os', 'ospf', true)).toBe('show ip ospf ');
  expect(withWord('show ip ', 'ospf', true)).toBe('show ip ospf ');
  expect(withWord('show ip x', 'ospf', true)).toBe('show ip x');
});
