import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCrl, serialOf } from './crl.js';
import { DerError } from './der.js';
import { testCa } from './testing.js';

const ca = testCa('ca');
const anna = ca.issue(['CN=anna']);
const bert = ca.issue(['CN=bert']);

test('a list names what was revoked, and who has signed it', () => {
  const crl = parseCrl(Buffer.from(ca.crl([anna], new Date('2030-01-02T03:04:05Z'))));
  expect(crl.serials.has(serialOf(new X509Certificate(anna.cert)))).toBe(true);
  expect(crl.serials.has(serialOf(new X509Certificate(bert.cert)))).toBe(false);
  expect(crl.nextUpdateMs).toBe(Date.UTC(2030, 0, 2, 3, 4, 5));
  expect(crl.isSignedBy(new X509Certificate(ca.cert))).toBe(true);
  expect(crl.isSignedBy(new X509Certificate(testCa('other').cert))).toBe(false);
});

test('a list that revokes nothing is one, and DER is as good as PEM', () => {
  const pem = ca.crl([]);
  const der = execFileSync('openssl', ['crl', '-outform', 'DER'], { input: pem, stdio: ['pipe', 'pipe', 'ignore'] });
  expect(parseCrl(der).serials).toEqual(new Set());
  expect(parseCrl(der).isSignedBy(new X509Certificate(ca.cert))).toBe(true);
});

test('a list with one bit changed is not signed, or is none', () => {
  const pem = ca.crl([anna]);
  const der = Buffer.from(/CRL-----([^-]+)/.exec(pem)?.[1] ?? '', 'base64');
  const own = new X509Certificate(ca.cert);
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(7), (index, bit) => {
      const changed = Buffer.from(der);
      changed[index] = (changed[index] ?? 0) ^ (1 << bit);
      expect(isAccepted(changed, own)).toBe(false);
    }),
  );
});

test('whatever the bytes are, they are read or refused with a DerError', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(() => parseCrl(Buffer.from(bytes))).toThrow(DerError);
    }),
  );
});

function isAccepted(der: Buffer, own: X509Certificate): boolean {
  try {
    return parseCrl(der).isSignedBy(own);
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
