import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { authorityOf, revocationListPem } from '../../pki/index.js';
import { signRevocationList } from '../../pki/revocation-list.js';
import { signingKey } from '../../pki/signing-key.js';

/** A certificate and its key, as PEM. */
export interface TestHolder {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

export interface TestCa {
  readonly cert: string;
  /** For clients and servers alike. `subject`: attributes such as `CN=anna`. */
  issue(subject: readonly string[], validity?: Validity): TestHolder;
  /** For clients alone. */
  issueClient(subject: readonly string[]): TestHolder;
  /** A list of revocations, PEM. */
  crl(revoked: readonly TestHolder[], nextUpdate?: Date): string;
}

const DAY_MS = 24 * 3600 * 1000;

/** One key for all that CAs issue: making one takes longer than all that a test does. */
const LEAF_KEY = newKey();

let serials = 0x80;
let numbers = 0;

/** A CA for tests. */
export function testCa(name: string): TestCa {
  const key = newKey();
  const subject = attributes(['O=Test', `CN=${name}`]);
  const cert = certificate({ subject, key }, { subject, key }, undefined, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const issue = (words: readonly string[], uses: object, validity?: Validity) => {
    const issued = certificate({ subject: attributes(words), key: LEAF_KEY }, { subject, key }, validity, [
      { name: 'extKeyUsage', ...uses },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ]);
    const pem = forge.pki.certificateToPem(issued);
    return { cert: pem, key: LEAF_KEY, fingerprint: new X509Certificate(pem).fingerprint256 };
  };
  return {
    cert: forge.pki.certificateToPem(cert),
    issue: (words, validity) => issue(words, { clientAuth: true, serverAuth: true }, validity),
    issueClient: (words) => issue(words, { clientAuth: true }),
    crl: (revoked, nextUpdate = new Date(Date.now() + DAY_MS)) => {
      numbers += 1;
      const list = { number: numbers, thisUpdate: new Date(), nextUpdate, revoked: revoked.map(asRevoked) };
      const authority = authorityOf(new X509Certificate(forge.pki.certificateToPem(cert)));
      return revocationListPem(signRevocationList(authority, createPrivateKey(key), list));
    },
  };
}

function attributes(words: readonly string[]): forge.pki.CertificateField[] {
  return words.map((word) => {
    const [shortName = '', value = ''] = word.split('=');
    return { shortName, value, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class };
  });
}

function asRevoked({ cert }: TestHolder) {
  return { serial: new X509Certificate(cert).serialNumber, at: new Date() };
}

function newKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

interface Party {
  readonly subject: forge.pki.CertificateField[];
  readonly key: string;
}

function certificate(
  holder: Party,
  issuer: Party,
  { from = new Date(Date.now() - DAY_MS), to = new Date(Date.now() + DAY_MS) } = {},
  extensions: object[],
): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  const publicKey = createPublicKey(holder.key).export({ type: 'spki', format: 'pem' }).toString();
  made.publicKey = forge.pki.publicKeyFromPem(publicKey);
  serials += 1;
  made.serialNumber = `00${serials.toString(16).padStart(4, '0')}`;
  made.validity.notBefore = from;
  made.validity.notAfter = to;
  made.setSubject(holder.subject);
  made.setIssuer(issuer.subject);
  made.setExtensions(extensions);
  made.sign(signingKey(issuer.key), forge.md.sha256.create());
  return made;
}
