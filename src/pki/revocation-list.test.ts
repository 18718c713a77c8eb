import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Authority, authorityOf } from './authority.js';
import { makeCertificate, validity } from './certificate.js';
import { derInteger } from './der.js';
import {
  MAX_REVOCATION_LIST_BYTES,
  RevocationListError,
  readRevocationList,
  revocationListPem,
  signRevocationList,
} from './revocation-list.js';

const NOW = new Date('2026-11-21T05:00:00Z');
const END = new Date('2051-01-01T00:00:00Z');
const REVOKED = [
  { serial: '4A00FF', at: NOW },
  { serial: 'F0', at: NOW },
];
let ours: Authority;
let key: KeyObject;

beforeAll(async () => {
  const subject = { organisation: 'default', unit: 'authority', commonName: 'default' };
  const made = await makeCertificate({ subject, purpose: { kind: 'authority' }, ...validity(10, NOW) }, null);
  ours = authorityOf(new X509Certificate(made.certificate));
  key = createPrivateKey(made.key);
});

function list(number = 7, revoked = REVOKED): Buffer {
  return signRevocationList(ours, key, { number, thisUpdate: NOW, nextUpdate: END, revoked });
}

test('a list is read as it was signed, in DER and in PEM', () => {
  for (const bytes of [list(), Buffer.from(revocationListPem(list()))]) {
    const read = readRevocationList(bytes, [ours]);
    expect(read).toMatchObject({ issuer: ours.keyId, number: 7, thisUpdate: NOW, nextUpdate: END });
    expect([...read.serials]).toEqual(['4A00FF', 'F0']);
    expect(read.der).toEqual(list());
  }
});

test('a list on which nothing is revoked is one', () => {
  expect(readRevocationList(list(1, []), [ours]).serials.size).toBe(0);
});

test('large numbers are kept exactly', () => {
  expect(readRevocationList(list(Number.MAX_SAFE_INTEGER), [ours]).number).toBe(Number.MAX_SAFE_INTEGER);
});

test('a list of an authority that is not ours is refused', () => {
  expect(() => readRevocationList(list(), [])).toThrow('none of our certificate authorities is its issuer');
});

test('a list signed with another key is refused, although it names our authority', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const forged = signRevocationList(ours, stranger, { number: 8, thisUpdate: NOW, nextUpdate: END, revoked: [] });
  expect(() => readRevocationList(forged, [ours])).toThrow('its signature is wrong');
});

test('whatever byte is changed, the list is refused, and with a sentence', () => {
  const good = list();
  for (let index = 0; index < good.length; index += 1) {
    const bad = Buffer.from(good);
    bad[index] = (bad[index] ?? 0) ^ 0x41;
    expect(() => readRevocationList(bad, [ours])).toThrow(RevocationListError);
  }
});

test('wherever the list is cut off, it is refused', () => {
  const good = list();
  for (let length = 0; length < good.length; length += 1)
    expect(() => readRevocationList(good.subarray(0, length), [ours])).toThrow(RevocationListError);
});

test('a list that is too long is refused before it is read', () => {
  expect(() => readRevocationList(Buffer.alloc(MAX_REVOCATION_LIST_BYTES * 2, 0x30), [ours])).toThrow(
    'at most 1000000',
  );
});

test('a number whose highest bit is set stays positive', () => {
  expect(derInteger('80').toString('hex')).toBe('02020080');
  expect(derInteger('0000').toString('hex')).toBe('020100');
  expect(derInteger('7f').toString('hex')).toBe('02017f');
});
