import { PkiError } from './errors.js';
import { inFolder } from './folder.js';
import { type IssuedCertificate, readLedger } from './ledger.js';
import { publishRevocations } from './publish.js';

export interface Revoked {
  /** Those that are revoked now and were not before; empty: only the list was signed anew. */
  readonly certificates: readonly IssuedCertificate[];
  readonly crlNumber: number;
}

/**
 * Revokes all certificates of a name, or the one with this serial number, and signs a new revocation list. What is
 * revoked already stays so, and the list is signed again: a revocation that was interrupted is finished by saying it
 * again. Throws a PkiError.
 */
export async function revoke(directory: string, which: string, now: Date): Promise<Revoked> {
  readLedger(directory);
  return inFolder(directory, () => {
    const ledger = readLedger(directory);
    const meant = meantBy(ledger.certificates, which);
    const certificates = ledger.certificates.map((certificate) =>
      meant.has(certificate.serial)
        ? { ...certificate, revokedAt: certificate.revokedAt ?? now.toISOString() }
        : certificate,
    );
    const { crlNumber } = publishRevocations(directory, { ...ledger, certificates }, now);
    const before = new Set(
      ledger.certificates.filter(({ revokedAt }) => revokedAt !== null).map(({ serial }) => serial),
    );
    const revoked = certificates.filter(({ serial }) => meant.has(serial) && !before.has(serial));
    return { certificates: revoked, crlNumber };
  });
}

function meantBy(certificates: readonly IssuedCertificate[], which: string): Set<string> {
  const digits = which.replaceAll(':', '').toUpperCase();
  const bySerial = certificates.filter(({ serial }) => serial === digits);
  const meant = bySerial.length > 0 ? bySerial : certificates.filter(({ name }) => name === which);
  if (meant.length === 0)
    throw new PkiError(`no certificate has the name or serial number "${which}": "srrctl pki list" shows them all`);
  const uses = new Set(meant.map(({ use }) => use));
  if (uses.size > 1) {
    const serials = meant.map(({ use, serial }) => `${use} ${serial}`).join(', ');
    throw new PkiError(`"${which}" is a server and a client; name the serial number: ${serials}`);
  }
  return new Set(meant.map(({ serial }) => serial));
}
