import { readFileSync } from 'node:fs';
import { readAuthorities } from '../../pki/index.js';
import type { ConfiguredCertificate } from '../facts.js';

/** The certificates in these files of `web.tls`; null: it is not there. Throws an Error that names the file. */
export function readCertificates(
  tls: { readonly cert: string; readonly ca: readonly string[] } | null,
): ConfiguredCertificate[] {
  if (tls === null) return [];
  return [...certificatesIn('cert', tls.cert), ...tls.ca.flatMap((file) => certificatesIn('ca', file))];
}

function certificatesIn(key: ConfiguredCertificate['key'], file: string): ConfiguredCertificate[] {
  try {
    const all = readAuthorities(readFileSync(file, 'utf8'));
    return all.map(({ certificate: { validTo } }) => ({ key, file, validTo }));
  } catch (error) {
    throw new Error(`web.tls.${key}: ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
