import { createPrivateKey } from 'node:crypto';
import { writeAtomically } from '../files/index.js';
import { readAuthorities } from './authority.js';
import { PkiError } from './errors.js';
import { pkiFiles, readText } from './folder.js';
import { type Ledger, writeLedger } from './ledger.js';
import { revocationListPem, signRevocationList } from './revocation-list.js';

/**
 * Writes the ledger and signs the next revocation list from it. The ledger first: no number is ever used for two lists.
 *
 * The list is promised to be the last until the authority ends: nobody is there to renew it each week, and a server
 * refuses everybody while it has an old list only.
 */
export function publishRevocations(directory: string, ledger: Ledger, now: Date): Ledger {
  const files = pkiFiles(directory);
  const [authority] = readAuthorities(readText(files.certificate));
  if (authority === undefined) throw new PkiError(`${files.certificate} holds no certificate`);
  const next = { ...ledger, crlNumber: ledger.crlNumber + 1 };
  writeLedger(directory, next);
  const list = signRevocationList(authority, createPrivateKey(readText(files.key)), {
    number: next.crlNumber,
    thisUpdate: now,
    nextUpdate: new Date(authority.certificate.validTo),
    revoked: next.certificates.flatMap(({ serial, revokedAt, notAfter }) =>
      revokedAt === null || new Date(notAfter) < now ? [] : [{ serial, at: new Date(revokedAt) }],
    ),
  });
  writeAtomically(files.revocations, revocationListPem(list));
  return next;
}
