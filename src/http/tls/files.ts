import { constants, createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { ConfigurationError, DIRECTLY, type Sources, type TlsConfiguration } from '../../config/index.js';
import { openToOthers } from '../../files/index.js';
import {
  type Authority,
  authorityOf,
  certificatesIn,
  type RevocationList,
  readRevocationList,
} from '../../pki/index.js';

/** What the files of `web.tls` hold, checked. */
export interface TlsFiles {
  readonly context: SecureContextOptions;
  readonly own: X509Certificate;
  readonly cas: readonly Authority[];
  readonly lists: readonly RevocationList[];
  /** Where the lists were read: `web.tls.crl`. */
  readonly listFiles: readonly string[];
  /** What does not keep the server from working: a sentence each. */
  readonly warnings: readonly string[];
}

/** A certificate is a few KB, and a CRL of a large company some MB. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * Reads the files that `web.tls` names. Throws a ConfigurationError that names `configFile`, key and file, and lists all
 * problems.
 */
export function readTlsFiles(
  configFile: string,
  tls: TlsConfiguration,
  nowMs: number,
  sources: Pick<Sources, 'bytes' | 'mode'> = DIRECTLY,
): TlsFiles {
  const problems: string[] = [];
  const read = <T>(key: string, path: string, parse: (bytes: Buffer) => T): T | undefined => {
    try {
      return parse(sources.bytes(path, MAX_FILE_BYTES));
    } catch (error) {
      problems.push(`web.tls.${key}: ${path}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const chain = read('cert', tls.cert, parseCertificates);
  const key = read('key', tls.key, parseKey);
  const cas = tls.ca.flatMap((path) => read('ca', path, parseCas) ?? []);
  const lists = tls.crl.flatMap((path) => {
    const list = read('crl', path, (bytes) => readRevocationList(bytes, cas));
    return list === undefined ? [] : [{ path, list }];
  });
  const own = chain?.[0];
  if (own !== undefined && key !== undefined && !own.checkPrivateKey(key)) {
    problems.push(`web.tls.key: ${tls.key}: it is not the key of ${tls.cert}; give the two that were made together`);
  }
  if (chain === undefined || own === undefined || key === undefined || problems.length > 0) {
    throw new ConfigurationError(configFile, problems);
  }
  return {
    context: contextOf(chain, key, cas),
    own,
    cas,
    lists: lists.map(({ list }) => list),
    listFiles: tls.crl,
    warnings: [...lists.flatMap(({ path, list }) => outdated(path, list, nowMs)), ...keyProblem(tls.key, sources)],
  };
}

/**
 * For TLS 1.2 what RFC 9325 section 4.2 recommends, with ChaCha20: the session key is forgotten with the session, and what
 * is encrypted is authenticated. TLS 1.3 has nothing else.
 */
export const TLS12_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

const TLS13_CIPHERS = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';

/**
 * No session is resumed: a resumed one would not look at the client's certificate again, whatever has changed since.
 */
function contextOf(chain: readonly X509Certificate[], key: KeyObject, cas: readonly Authority[]): SecureContextOptions {
  return {
    cert: chain.map(String).join('\n'),
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    ca: cas.map(({ certificate }) => certificate.toString()),
    minVersion: 'TLSv1.2',
    ciphers: `${TLS13_CIPHERS}:${TLS12_CIPHERS}`,
    allowPartialTrustChain: true,
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  };
}

function parseCertificates(bytes: Buffer): X509Certificate[] {
  const certificates = certificatesIn(bytes.toString('latin1'));
  if (certificates.length > 0) return certificates;
  throw new Error('expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none');
}

function parseCas(bytes: Buffer): Authority[] {
  const certificates = parseCertificates(bytes);
  const other = certificates.find(({ ca }) => !ca);
  if (other === undefined) return certificates.map(authorityOf);
  throw new Error(`expected certificates of CAs, got that of ${other.subject.replaceAll('\n', ',')}`);
}

function parseKey(bytes: Buffer): KeyObject {
  if (bytes.includes('ENCRYPTED')) throw new Error('expected a key without a passphrase: nobody is there to type it');
  try {
    return createPrivateKey(bytes);
  } catch {
    throw new Error('expected a private key in PEM (-----BEGIN PRIVATE KEY-----)');
  }
}

function outdated(path: string, { nextUpdate }: RevocationList, nowMs: number): string[] {
  if (nextUpdate === null || nextUpdate.getTime() > nowMs) return [];
  return [`web.tls.crl: ${path}: a newer list was due on ${nextUpdate.toISOString()}; what it says still counts`];
}

function keyProblem(path: string, sources: Pick<Sources, 'mode'>): string[] {
  const problem = openToOthers(path, sources.mode(path), 'others can be this node to every browser');
  return problem === null ? [] : [`web.tls.key: ${path}: ${problem}`];
}
