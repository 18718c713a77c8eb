import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { chainOf } from './peer.js';
import { testCa } from './testing.js';

/** 1.2.840.113549.1.1.1, rsaEncryption, in DER. */
const RSA = Buffer.from('2a864886f70d010101', 'hex');

test('a certificate whose key nobody can read ends the chain, and not the daemon', () => {
  const ca = testCa('ours');
  const der = new X509Certificate(ca.cert).raw;
  der[der.indexOf(RSA) + RSA.length - 1] = 0x77;
  const unreadable = new X509Certificate(der);
  expect(() => unreadable.publicKey).toThrow();
  const leaf = new X509Certificate(ca.issue(['CN=anna']).cert);
  // OpenSSL takes what is shown above a certificate as it comes: openssl s_client -cert_chain sends it.
  Object.defineProperty(leaf, 'issuerCertificate', { value: unreadable });
  const socket = { getPeerX509Certificate: () => leaf } as unknown as TLSSocket;
  expect(chainOf(socket)).toEqual([leaf]);
});
