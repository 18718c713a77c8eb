import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import type { Authority } from './authority.js';
import {
  DerError,
  DerReader,
  der,
  derInteger,
  derObjectIdentifier,
  derTime,
  integerDigits,
  readTime,
  TAG,
} from './der.js';

/** A longer list is refused. Some 25,000 revoked certificates. */
export const MAX_REVOCATION_LIST_BYTES = 1_000_000;

/** What an authority has revoked: a certificate revocation list (RFC 5280 section 5) whose signature was checked. */
export interface RevocationList {
  readonly der: Buffer;
  /** Whose it is: Authority.keyId. */
  readonly issuer: string;
  /** RFC 5280 section 5.2.3: grows with each list of an authority. At most 2^53 - 1. */
  readonly number: number;
  readonly thisUpdate: Date;
  /** When the authority promised the next one; null: it did not. */
  readonly nextUpdate: Date | null;
  /** Serial numbers as Node.js writes them: upper-case hexadecimal digits in pairs. */
  readonly serials: ReadonlySet<string>;
}

/** The bytes are no revocation list that counts here. The message says what is wrong with it. */
export class RevocationListError extends Error {
  override readonly name = 'RevocationListError';
}

export interface RevocationListContent {
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly { readonly serial: string; readonly at: Date }[];
}

/** Makes and signs (SHA-256) a list of this authority, whose RSA key this is. Returns its DER. */
export function signRevocationList(authority: Authority, key: KeyObject, content: RevocationListContent): Buffer {
  const revoked = content.revoked.map(({ serial, at }) => der(TAG.sequence, derInteger(serial), derTime(at)));
  const signed = der(
    TAG.sequence,
    derInteger('01'),
    RSA_SHA256,
    authority.subject,
    derTime(content.thisUpdate),
    derTime(content.nextUpdate),
    // The sequence is absent if nothing is revoked.
    ...(revoked.length === 0 ? [] : [der(TAG.sequence, ...revoked)]),
    der(TAG.context0, der(TAG.sequence, keyExtension(authority.publicKey), numberExtension(content.number))),
  );
  const signature = sign('sha256', signed, key);
  return der(TAG.sequence, signed, RSA_SHA256, der(TAG.bitString, Buffer.of(0), signature));
}

/** As files have it. */
export function revocationListPem(list: Buffer): string {
  const lines = list.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
}

/**
 * Reads a list in DER or PEM form, and accepts it only if one of these authorities signed it. Throws a
 * RevocationListError.
 */
export function readRevocationList(bytes: Buffer, authorities: readonly Authority[]): RevocationList {
  // PEM has a third more.
  if (bytes.length > MAX_REVOCATION_LIST_BYTES * 1.5)
    throw new RevocationListError(`expected at most ${MAX_REVOCATION_LIST_BYTES} bytes, got ${bytes.length}`);
  try {
    return readSigned(fromPem(bytes), authorities);
  } catch (error) {
    if (error instanceof DerError) throw new RevocationListError(`not a certificate revocation list: ${error.message}`);
    throw error;
  }
}

const RSA_SHA256 = der(TAG.sequence, derObjectIdentifier('1.2.840.113549.1.1.11'), der(TAG.null));

/** RFC 8017 appendix A.2.4, RFC 5758 section 3.2, RFC 8410. null: the algorithm has its digest inside. */
const DIGESTS = new Map<string, string | null>(
  (
    [
      ['1.2.840.113549.1.1.11', 'sha256'],
      ['1.2.840.113549.1.1.12', 'sha384'],
      ['1.2.840.113549.1.1.13', 'sha512'],
      ['1.2.840.10045.4.3.2', 'sha256'],
      ['1.2.840.10045.4.3.3', 'sha384'],
      ['1.2.840.10045.4.3.4', 'sha512'],
      ['1.3.101.112', null],
    ] as const
  ).map(([dotted, digest]) => [derObjectIdentifier(dotted).toString('hex'), digest]),
);

const AUTHORITY_KEY = derObjectIdentifier('2.5.29.35');
const CRL_NUMBER = derObjectIdentifier('2.5.29.20');
const TRUE = Buffer.of(0x01, 0x01, 0xff);

/** RFC 5280 section 5.2.1, with the key identifier of section 4.2.1.2 (1), which our authorities' certificates have. */
function keyExtension(publicKey: KeyObject): Buffer {
  const info = new DerReader(publicKey.export({ type: 'spki', format: 'der' })).enter(TAG.sequence);
  info.next(TAG.sequence);
  const bits = info.next(TAG.bitString).value.subarray(1);
  const identifier = createHash('sha1').update(bits).digest();
  const value = der(TAG.octetString, der(TAG.sequence, der(TAG.implicit0, identifier)));
  return der(TAG.sequence, AUTHORITY_KEY, value);
}

function numberExtension(number: number): Buffer {
  const value = der(TAG.octetString, derInteger(number.toString(16)));
  return der(TAG.sequence, CRL_NUMBER, value);
}

function fromPem(bytes: Buffer): Buffer {
  if (bytes[0] === TAG.sequence) return bytes;
  const match = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(bytes.toString('latin1'));
  if (match === null) throw new RevocationListError('expected a certificate revocation list in PEM or DER form');
  return Buffer.from(match[1] ?? '', 'base64');
}

function readSigned(bytes: Buffer, authorities: readonly Authority[]): RevocationList {
  const all = new DerReader(bytes);
  const outer = all.enter(TAG.sequence);
  all.end();
  const signed = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const bits = outer.next(TAG.bitString).value;
  outer.end();
  // The first byte counts the bits of the last one that are not used.
  if (bits[0] !== 0) throw new DerError('a signature is whole bytes');
  const signature = bits.subarray(1);
  const fields = new DerReader(signed.value);
  fields.optional(TAG.integer);
  if (!fields.next(TAG.sequence).whole.equals(algorithm.whole)) throw new DerError('two different algorithms');
  const issuer = fields.next(TAG.sequence).whole;
  const authority = signer(authorities, issuer, algorithm.value, signed.whole, signature);
  const thisUpdate = readTime(fields.next());
  const nextUpdate = fields.nextTag === TAG.utcTime || fields.nextTag === TAG.generalizedTime ? fields.next() : null;
  const serials = readSerials(fields.optional(TAG.sequence)?.value);
  const number = readNumber(fields.optional(TAG.context0)?.value);
  fields.end();
  return {
    der: bytes,
    issuer: authority.keyId,
    number,
    thisUpdate,
    nextUpdate: nextUpdate === null ? null : readTime(nextUpdate),
    serials,
  };
}

function signer(
  authorities: readonly Authority[],
  issuer: Buffer,
  algorithm: Buffer,
  signed: Buffer,
  signature: Buffer,
): Authority {
  const digest = DIGESTS.get(new DerReader(algorithm).next(TAG.objectIdentifier).whole.toString('hex'));
  if (digest === undefined) throw new RevocationListError('it is signed with an algorithm that is not supported');
  const named = authorities.filter(({ subject }) => subject.equals(issuer));
  if (named.length === 0) throw new RevocationListError('none of our certificate authorities is its issuer');
  const authority = named.find(({ publicKey }) => isSigned(digest, signed, publicKey, signature));
  if (authority === undefined) throw new RevocationListError('its signature is wrong');
  return authority;
}

/** A key of another kind than the signature's makes `verify` throw. */
function isSigned(digest: string | null, signed: Buffer, publicKey: KeyObject, signature: Buffer): boolean {
  try {
    return verify(digest, signed, publicKey, signature);
  } catch {
    return false;
  }
}

function readSerials(value: Buffer | undefined): Set<string> {
  const serials = new Set<string>();
  if (value === undefined) return serials;
  const entries = new DerReader(value);
  while (!entries.atEnd) serials.add(integerDigits(entries.enter(TAG.sequence).next(TAG.integer).value));
  return serials;
}

/** RFC 5280 section 5.2: a list with a critical extension that is not understood must not be used as if it were whole. */
function readNumber(value: Buffer | undefined): number {
  let number: number | undefined;
  const extensions = value === undefined ? undefined : new DerReader(value).enter(TAG.sequence);
  while (extensions !== undefined && !extensions.atEnd) {
    const extension = extensions.enter(TAG.sequence);
    const name = extension.next(TAG.objectIdentifier).whole;
    const critical = extension.optional(0x01)?.whole.equals(TRUE) ?? false;
    const content = new DerReader(extension.next(TAG.octetString).value);
    if (name.equals(CRL_NUMBER)) number = Number.parseInt(integerDigits(content.next(TAG.integer).value), 16);
    else if (critical) throw new RevocationListError('it is only a part of a list, or has another critical extension');
  }
  if (number === undefined) throw new RevocationListError('it has no number (RFC 5280 section 5.2.3)');
  if (!Number.isSafeInteger(number)) throw new RevocationListError('its number is above 2^53 - 1');
  return number;
}
