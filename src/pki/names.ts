import { isIP } from 'node:net';
import { PkiError } from './errors.js';

/**
 * Checks whom a certificate is for. The name becomes a file name and part of the subject that rules for roles look at:
 * no sign may be in it that separates the parts of a subject.
 */
export function checkHolder(name: string): void {
  if (/^(?!\.{1,2}$)[A-Za-z0-9._@-]{1,64}$/.test(name)) return;
  throw new PkiError(`expected a name of 1 to 64 of A-Z a-z 0-9 . _ @ -, got "${name}"`);
}

/** Where a server is found: an IP address or a DNS name, `*.` in front allowed. */
export function checkAddress(address: string): void {
  if (isIP(address) !== 0) return;
  const label = '(?!-)[A-Za-z0-9_-]{1,63}(?<!-)';
  const isName = address.length <= 253 && new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`).test(address);
  // 10.1.1.300 would pass as a name, and no browser would ever ask for it.
  if (isName && !/^[\d.]+$/.test(address)) return;
  throw new PkiError(`expected an IP address or a DNS name such as 10.0.0.1 or alpha.example.org, got "${address}"`);
}
