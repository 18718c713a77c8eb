import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

/** A certificate and its key, as PEM. */
export interface TestHolder {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

export interface TestCa {
  readonly cert: string;
  /** For clients and servers alike. `subject`: attributes such as `CN=anna`. */
  issue(subject: readonly string[], validity?: { readonly from: Date; readonly to: Date }): TestHolder;
  /** A list of revocations, PEM. */
  crl(revoked: readonly TestHolder[], nextUpdate?: Date): string;
}

const DAY_MS = 24 * 3600 * 1000;

/** One key for all that CAs issue: making one takes longer than all that a test does. */
const LEAF_KEY = newKey();

let serials = 0x80;

/** A CA for tests. */
export function testCa(name: string): TestCa {
  const key = newKey();
  const subject = attributes(['O=Test', `CN=${name}`]);
  const cert = certificate({ subject, key }, { subject, key }, undefined, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  return {
    cert: forge.pki.certificateToPem(cert),
    issue: (words, validity) => {
      const holder = { subject: attributes(words), key: LEAF_KEY };
      const issued = certificate(holder, { subject, key }, validity, [
        { name: 'extKeyUsage', clientAuth: true, serverAuth: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ]);
      const pem = forge.pki.certificateToPem(issued);
      return { cert: pem, key: LEAF_KEY, fingerprint: new X509Certificate(pem).fingerprint256 };
    },
    crl: (revoked, nextUpdate = new Date(Date.now() + DAY_MS)) => crl(subject, key, revoked, nextUpdate),
  };
}

function attributes(words: readonly string[]): forge.pki.CertificateField[] {
  return words.map((word) => {
    const [shortName = '', value = ''] = word.split('=');
    return { shortName, value, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class };
  });
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
  const key = forge.pki.privateKeyFromPem(holder.key);
  made.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  serials += 1;
  made.serialNumber = `00${serials.toString(16).padStart(4, '0')}`;
  made.validity.notBefore = from;
  made.validity.notAfter = to;
  made.setSubject(holder.subject);
  made.setIssuer(issuer.subject);
  made.setExtensions(extensions);
  made.sign(forge.pki.privateKeyFromPem(issuer.key), forge.md.sha256.create());
  return made;
}

/** A name in DER, as the certificates have it. */
function nameOf(subject: forge.pki.CertificateField[]): forge.asn1.Asn1 {
  const named = forge.pki.createCertificate();
  named.setSubject(subject);
  return forge.pki.distinguishedNameToAsn1(named.subject);
}

/** RFC 5280 section 5.1; node-forge makes none. */
function crl(
  issuer: forge.pki.CertificateField[],
  key: string,
  revoked: readonly TestHolder[],
  nextUpdate: Date,
): string {
  const { asn1 } = forge;
  const { Type, Class } = asn1;
  const sequence = (...values: forge.asn1.Asn1[]) => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, values);
  const primitive = (type: forge.asn1.Type, bytes: string) => asn1.create(Class.UNIVERSAL, type, false, bytes);
  const time = (date: Date) => primitive(Type.UTCTIME, asn1.dateToUtcTime(date) as unknown as string);
  const algorithm = sequence(
    primitive(Type.OID, asn1.oidToDer('1.2.840.113549.1.1.11').getBytes()),
    primitive(Type.NULL, ''),
  );
  const now = new Date(Date.now() - 1000);
  const entries = revoked.map(({ cert }) =>
    sequence(
      primitive(Type.INTEGER, forge.util.hexToBytes(`00${new X509Certificate(cert).serialNumber.padStart(4, '0')}`)),
      time(now),
    ),
  );
  const tbs = sequence(
    primitive(Type.INTEGER, '\x01'),
    algorithm,
    nameOf(issuer),
    time(now),
    time(nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
  );
  const digest = forge.md.sha256.create().update(asn1.toDer(tbs).getBytes());
  const signature = forge.pki.privateKeyFromPem(key).sign(digest);
  const der = asn1.toDer(sequence(tbs, algorithm, primitive(Type.BITSTRING, `\x00${signature}`))).getBytes();
  return `-----BEGIN X509 CRL-----\n${forge.util.encode64(der, 64)}\n-----END X509 CRL-----\n`;
}
