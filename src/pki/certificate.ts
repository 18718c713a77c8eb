import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { signingKey } from './signing-key.js';

/** Enough until 2030 and beyond: 128 bits of security (NIST SP 800-57 part 1, table 2). node-forge signs with RSA only. */
const RSA_BITS = 3072;

/** A certificate counts a little earlier than it was made: the clocks of two machines differ. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

const DAY_MS = 24 * 3600_000;

export type Purpose =
  | { readonly kind: 'authority' }
  | { readonly kind: 'server'; readonly addresses: readonly string[] }
  | { readonly kind: 'client' };

/** CN, OU and O, in X.509's order: the widest first. */
export interface Subject {
  readonly organisation: string;
  readonly unit: string;
  readonly commonName: string;
}

export interface CertificateContent {
  readonly subject: Subject;
  readonly purpose: Purpose;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** null: signed by itself. */
export type Signer = { readonly certificate: string; readonly key: string } | null;

export interface KeyAndCertificate {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
}

/** From now, for so many days. */
export function validity(days: number, now: Date): Pick<CertificateContent, 'notBefore' | 'notAfter'> {
  // Certificates know no milliseconds.
  const seconds = Math.floor(now.getTime() / 1000) * 1000;
  return { notBefore: new Date(seconds - CLOCK_DIFFERENCE_MS), notAfter: new Date(seconds + days * DAY_MS) };
}

/** Makes a key and its certificate, signed with SHA-256. The key exists nowhere else. */
export async function makeCertificate(content: CertificateContent, signer: Signer): Promise<KeyAndCertificate> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificate = sign(content, publicKey, signer ?? { key, certificate: null });
  return { key, certificate };
}

function sign(
  { subject, purpose, notBefore, notAfter }: CertificateContent,
  publicKey: KeyObject,
  signer: { readonly certificate: string | null; readonly key: string },
): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  certificate.serialNumber = randomSerial();
  certificate.validity.notBefore = notBefore;
  certificate.validity.notAfter = notAfter;
  certificate.setSubject([
    { shortName: 'O', value: subject.organisation },
    { shortName: 'OU', value: subject.unit },
    { shortName: 'CN', value: subject.commonName },
  ]);
  const issuer = signer.certificate === null ? certificate : forge.pki.certificateFromPem(signer.certificate);
  certificate.setIssuer(issuer.subject.attributes);
  // Of a certificate signed by itself, the authority's key is its own: it needs no reference to it.
  const reference = issuer === certificate ? [] : [authorityKey(issuer)];
  certificate.setExtensions([...extensions(purpose), { name: 'subjectKeyIdentifier' }, ...reference]);
  certificate.sign(signingKey(signer.key), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r', '');
}

/** 16 bytes; neither negative nor with a zero in front. RFC 5280 section 4.1.2.2 allows 20. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function extensions(purpose: Purpose): object[] {
  switch (purpose.kind) {
    case 'authority':
      return [
        { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
        { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
      ];
    case 'server':
      return [
        ...END_ENTITY,
        // A node is a client when it asks another one for revocations.
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        { name: 'subjectAltName', altNames: purpose.addresses.map(alternativeName) },
      ];
    case 'client':
      return [...END_ENTITY, { name: 'extKeyUsage', clientAuth: true }];
  }
}

const END_ENTITY = [
  { name: 'basicConstraints', critical: true, cA: false },
  { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
];

/** RFC 5280 section 4.2.1.6: 7 is an IP address, 2 a DNS name. */
function alternativeName(address: string): object {
  return isIP(address) === 0 ? { type: 2, value: address } : { type: 7, ip: address };
}

function authorityKey(issuer: forge.pki.Certificate): object {
  const identifier = (issuer as unknown as { generateSubjectKeyIdentifier(): forge.util.ByteStringBuffer })
    .generateSubjectKeyIdentifier()
    .getBytes();
  return { name: 'authorityKeyIdentifier', keyIdentifier: identifier };
}
