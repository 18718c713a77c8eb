import { expect, test } from 'vitest';
import { parseDistinguishedName } from './distinguished-name.js';

test.each([
  ['CN=anna', [['CN', 'anna']]],
  [
    'CN=anna,O=Shop',
    [
      ['CN', 'anna'],
      ['O', 'Shop'],
    ],
  ],
  [
    ' CN = anna , O = The Shop ',
    [
      ['CN', 'anna'],
      ['O', 'The Shop'],
    ],
  ],
  [
    'OU=a+OU=b',
    [
      ['OU', 'a'],
      ['OU', 'b'],
    ],
  ],
  [
    String.raw`O=Shop\, Inc.,CN=a\+b`,
    [
      ['O', 'Shop, Inc.'],
      ['CN', 'a+b'],
    ],
  ],
  [String.raw`CN=\"x\" \\ \<y\>\;`, [['CN', '"x" \\ <y>;']]],
  [String.raw`CN=J\C3\B6rg`, [['CN', 'Jörg']]],
  [String.raw`CN=anna\ `, [['CN', 'anna ']]],
  ['CN=Jörg = Jürgen#1', [['CN', 'Jörg = Jürgen#1']]],
  ['1.2.840.113549.1.9.1=a@b.c', [['1.2.840.113549.1.9.1', 'a@b.c']]],
] as const)('%s', (text, attributes) => {
  expect(parseDistinguishedName(text)).toEqual(attributes.map(([type, value]) => ({ type, value })));
});

test.each([
  '',
  'anna',
  'CN=',
  '=anna',
  'CN=anna,',
  ',CN=anna',
  'CN="anna"',
  'CN=a;b',
  String.raw`CN=a\x`,
  'CN=a\\',
  'C N=a',
])('%j is none', (text) => {
  expect(parseDistinguishedName(text)).toBe(undefined);
});
