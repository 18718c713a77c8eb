import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { openToOthers, readRegularFile, systemErrorText } from '../files/index.js';
import { certificatesIn } from '../pki/index.js';
import type { Credentials } from './daemon-address.js';
import { UsageError } from './exit.js';

/** Paths of PEM files. */
export interface CredentialFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: readonly string[];
}

const MAX_BYTES = 1024 * 1024;

/** Reads and checks what we show to a node, and whom we believe. Throws a UsageError that says what to do. */
export function readCredentials({ cert, key, ca }: CredentialFiles, nowMs: number): Credentials {
  const [own] = certificatesOf(cert);
  const keyText = readText(key);
  const open = openToOthers(key, statSync(key).mode, 'others can be you to every node');
  if (open !== null) throw new UsageError(`${key}: ${open}`);
  if (own?.checkPrivateKey(privateKeyIn(key, keyText)) !== true) {
    throw new UsageError(`${key} is not the key of ${cert}: expected the two that were made together`);
  }
  if (Date.parse(own.validTo) < nowMs) {
    throw new UsageError(`${cert} has ended (${own.validTo}): ask who keeps the authority for a new one`);
  }
  return { cert: readText(cert), key: keyText, ca: ca.map(authoritiesIn).join('\n') };
}

function authoritiesIn(file: string): string {
  const other = certificatesOf(file).find((certificate) => !certificate.ca);
  if (other === undefined) return readText(file);
  const subject = other.subject.replaceAll('\n', ',');
  throw new UsageError(`${file}: expected certificates of authorities (ca.crt of srrctl pki), got that of ${subject}`);
}

function certificatesOf(file: string): X509Certificate[] {
  const text = readText(file);
  try {
    const certificates = certificatesIn(text);
    if (certificates.length > 0) return certificates;
  } catch {
    // Said below: it is none.
  }
  throw new UsageError(`${file}: expected a certificate in PEM (-----BEGIN CERTIFICATE-----)`);
}

function privateKeyIn(file: string, text: string): KeyObject {
  if (text.includes('ENCRYPTED')) throw new UsageError(`${file}: expected a key without a passphrase`);
  try {
    return createPrivateKey(text);
  } catch {
    throw new UsageError(`${file}: expected a private key in PEM (-----BEGIN PRIVATE KEY-----)`);
  }
}

function readText(file: string): string {
  try {
    return readRegularFile(file, MAX_BYTES).toString('latin1');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${systemErrorText(error)}`);
  }
}
