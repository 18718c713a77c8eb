import { randomInt } from 'node:crypto';
import forge from 'node-forge';
import type { KeyAndCertificate } from './certificate.js';

/**
 * The key with its certificate and the authority's, for browsers: PKCS #12 (RFC 7292). AES-256, which Firefox, Chromium
 * and OpenSSL 3 take. Its check code is by SHA-1, because other than that not all of them can read; the strength
 * is that of the password.
 */
export function toPkcs12(own: KeyAndCertificate, authority: string, password: string, friendlyName: string): Buffer {
  const container = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(own.key),
    [forge.pki.certificateFromPem(own.certificate), forge.pki.certificateFromPem(authority)],
    password,
    { algorithm: 'aes256', count: 10_000, saltSize: 16, friendlyName },
  );
  return Buffer.from(forge.asn1.toDer(container).getBytes(), 'latin1');
}

/** 20 of 31 signs (99 bits), in groups: to be typed once. Without 0 and O, 1, I and L. */
export function generatePassword(): string {
  const signs = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
  const group = () => Array.from({ length: 5 }, () => signs.charAt(randomInt(signs.length))).join('');
  return Array.from({ length: 4 }, group).join('-');
}
