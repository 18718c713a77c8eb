import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';
import { DerReader, TAG } from './der.js';
import { certificatesIn } from './pem.js';

/** A certificate authority as a node knows it: by its certificate. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly publicKey: KeyObject;
  /** 16 hexadecimal digits: the first 8 bytes of the SHA-256 over its public key (SubjectPublicKeyInfo). */
  readonly keyId: string;
  /** The DER of its subject, which is the issuer in what it signs. */
  readonly subject: Buffer;
}

/** Returns all authorities of a PEM text, which may hold several certificates. Throws if one is not a certificate. */
export function readAuthorities(pem: string): Authority[] {
  const certificates = certificatesIn(pem);
  if (certificates.length === 0)
    throw new Error('expected a certificate in PEM form (-----BEGIN CERTIFICATE-----), got none');
  return certificates.map(authorityOf);
}

export function authorityOf(certificate: X509Certificate): Authority {
  const { publicKey, raw } = certificate;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha256').update(spki).digest('hex').slice(0, 16);
  return { certificate, publicKey, keyId, subject: subjectOf(raw) };
}

/** RFC 5280 section 4.1: version, serial number, algorithm, issuer, validity, subject. */
function subjectOf(certificate: Buffer): Buffer {
  const fields = new DerReader(certificate).enter(TAG.sequence).enter(TAG.sequence);
  fields.optional(TAG.context0);
  fields.next(TAG.integer);
  fields.next(TAG.sequence);
  fields.next(TAG.sequence);
  fields.next(TAG.sequence);
  return fields.next(TAG.sequence).whole;
}
