import fc from 'fast-check';
import { expect, test } from 'vitest';
import { routerId } from '../model/index.js';
import { formatKeyList, parseKeyList } from './key-list.js';
import { makeKey, nodeKey, publicKey } from './node-key.js';
import { newKey } from './testing.js';

const listed = (node: number, note = '') => ({ routerId: routerId(node), key: newKey().publicKey, note });

/** Without the functions. */
function plain(text: string) {
  const read = parseKeyList(text);
  return read.ok ? read.keys.map(({ routerId, key, note }) => ({ routerId, id: key.id, note })) : read.problems;
}

test('a list comes back as it was written', () => {
  const keys = [listed(1, 'alpha 2026-11-30'), listed(2), listed(1, 'alpha, the next one')];
  expect(plain(formatKeyList(keys))).toEqual(keys.map(({ routerId, key, note }) => ({ routerId, id: key.id, note })));
});

test('what is wrong in it is named by line', () => {
  const { key } = listed(1);
  const lines = [
    '# x',
    'alpha ed25519 AAAA',
    '0.0.0.1 rsa AAAA',
    '0.0.0.1 ed25519 AAAA',
    `0.0.0.1 ed25519 ${key.text}`,
  ];
  expect(plain([...lines, `0.0.0.2 ed25519 ${key.text}`].join('\n'))).toEqual([
    expect.stringMatching(/^line 2: expected a router ID .* got 'alpha'$/),
    expect.stringMatching(/^line 3: expected ed25519 .* got 'rsa'$/),
    expect.stringMatching(/^line 4: expected a public key of 32 bytes/),
    expect.stringMatching(/^line 6: the key [0-9a-f]{16} is listed already, for 0\.0\.0\.1/),
  ]);
});

test('a node has at most four keys', () => {
  const five = formatKeyList(Array.from({ length: 5 }, () => listed(1)));
  expect(plain(five)).toEqual([expect.stringMatching(/^line 7: 0\.0\.0\.1 has 4 keys already/)]);
});

test('any text is read or refused, without an exception', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof parseKeyList(text).ok === 'boolean'));
  expect(nodeKey('no key')).toBeUndefined();
  expect(publicKey('no key')).toBeUndefined();
});

test('a key that is read again signs the same', () => {
  const pem = makeKey();
  const message = Buffer.from('words');
  const signature = nodeKey(pem)!.sign(message);
  expect(nodeKey(pem)!.sign(message)).toEqual(signature);
  expect(nodeKey(pem)!.publicKey.verify(message, signature)).toBe(true);
  expect(nodeKey(pem)!.publicKey.verify(Buffer.from('word'), signature)).toBe(false);
});
