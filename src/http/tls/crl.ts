import { verify, type X509Certificate } from 'node:crypto';
import { type Der, DerError, elementsOf, readDer, TAG } from './der.js';

/** A list of certificates that their CA has revoked (RFC 5280 section 5). */
export interface Crl {
  /** As `serialOf` gives them. */
  readonly serials: ReadonlySet<string>;
  /** When a newer one should have been there, in ms since 1970; null: not said. */
  readonly nextUpdateMs: number | null;
  /** Whether this CA has issued and signed it. */
  isSignedBy(ca: X509Certificate): boolean;
}

/** Hash functions by the DER of the signature algorithm's object identifier. */
const HASHES: ReadonlyMap<string, string | null> = new Map([
  ['2a864886f70d01010b', 'sha256'], // sha256WithRSAEncryption
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a8648ce3d040302', 'sha256'], // ecdsa-with-SHA256
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  ['2b6570', null], // Ed25519, which hashes by itself
]);

/** Reads a CRL, PEM or DER. Throws a DerError. Nothing is said of its signature. */
export function parseCrl(bytes: Buffer): Crl {
  const [tbs, algorithm, signature, ...more] = elementsOf(readDer(fromPem(bytes)));
  const oid = elementsOf(algorithm)[0]?.content.toString('hex') ?? '';
  const hash = HASHES.get(oid);
  if (tbs === undefined || signature?.tag !== TAG.bitString) throw new DerError('expected a signature');
  if (hash === undefined) throw new DerError('expected a signature by RSA (PKCS #1), ECDSA or Ed25519');
  const { inner, issuer, nextUpdate, revoked } = readTbs(tbs);
  if (algorithm === undefined || !inner.whole.equals(algorithm.whole)) throw new DerError('two different algorithms');
  if (more.length > 0 || signature.content[0] !== 0) throw new DerError('expected a signature and nothing behind it');
  return {
    serials: new Set(revoked.map((entry) => serialNumber(elementsOf(entry)[0]))),
    nextUpdateMs: nextUpdate === undefined ? null : timeOf(nextUpdate),
    isSignedBy: (ca) =>
      issuer.whole.equals(subjectOf(ca)) && verify(hash, tbs.whole, ca.publicKey, signature.content.subarray(1)),
  };
}

/** A certificate's serial number in the form of `Crl.serials`. */
export function serialOf(certificate: X509Certificate): string {
  return normalized(certificate.serialNumber);
}

function fromPem(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const body = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/.exec(text)?.[1];
  return body === undefined ? bytes : Buffer.from(body, 'base64');
}

/** TBSCertList: version (optional), signature, issuer, thisUpdate, nextUpdate (optional), revoked (optional), extensions. */
function readTbs(tbs: Der) {
  const all = elementsOf(tbs);
  const [inner, issuer, thisUpdate, ...rest] = all[0]?.tag === TAG.integer ? all.slice(1) : all;
  if (inner === undefined || issuer === undefined || thisUpdate === undefined) {
    throw new DerError('expected an issuer and a time');
  }
  timeOf(thisUpdate);
  const nextUpdate = rest[0] !== undefined && isTime(rest[0]) ? rest[0] : undefined;
  const list = rest[nextUpdate === undefined ? 0 : 1];
  return { inner, issuer, nextUpdate, revoked: list?.tag === TAG.sequence ? elementsOf(list) : [] };
}

/** The DER of a certificate's subject: after version, serial number, signature, issuer and validity. */
function subjectOf(certificate: X509Certificate): Buffer {
  const tbs = elementsOf(elementsOf(readDer(certificate.raw))[0]);
  const hasVersion = tbs[0]?.tag === 0xa0;
  const subject = tbs[hasVersion ? 5 : 4];
  if (subject === undefined) throw new DerError('expected a subject');
  return subject.whole;
}

function serialNumber(value: Der | undefined): string {
  if (value?.tag !== TAG.integer) throw new DerError('expected a serial number');
  return normalized(value.content.toString('hex'));
}

function normalized(hexadecimal: string): string {
  return hexadecimal.toUpperCase().replace(/^0+/, '');
}

function isTime({ tag }: Der): boolean {
  return tag === TAG.utcTime || tag === TAG.generalizedTime;
}

/** RFC 5280 section 4.1.2.5: UTCTime has two digits for the years 1950 to 2049, both end with Z. */
function timeOf(value: Der): number {
  const text = value.content.toString('latin1');
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!isTime(value) || match === null) throw new DerError('expected a time');
  const [year = 0, month = 0, ...rest] = match.slice(1).map(Number);
  const century = text.length > 13 ? 0 : year < 50 ? 2000 : 1900;
  const [day = 0, hour = 0, minute = 0, second = 0] = rest;
  return Date.UTC(century + year, month - 1, day, hour, minute, second);
}
