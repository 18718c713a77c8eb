import { chmodSync } from 'node:fs';
import { writeAtomically } from '../files/index.js';
import { isName, NAME_EXPECTED } from '../model/index.js';
import { makeCertificate, validity } from './certificate.js';
import { PkiError } from './errors.js';
import { expectEmpty, inFolder, pkiFiles } from './folder.js';
import { publishRevocations } from './publish.js';

export const AUTHORITY_DAYS = 3650;

export interface InitRequest {
  readonly directory: string;
  readonly cluster: string;
  readonly days: number;
  readonly now: Date;
}

/** Makes an authority in a new or empty folder. Returns when its certificate ends. Throws a PkiError. */
export async function initAuthority({ directory, cluster, days, now }: InitRequest): Promise<Date> {
  if (!isName(cluster)) throw new PkiError(`expected a cluster name of ${NAME_EXPECTED}, got "${cluster}"`);
  expectEmpty(directory);
  return inFolder(directory, async () => {
    chmodSync(directory, 0o700);
    const span = validity(days, now);
    const subject = { organisation: cluster, unit: 'authority', commonName: commonName(cluster, now) };
    const made = await makeCertificate({ subject, purpose: { kind: 'authority' }, ...span }, null);
    const files = pkiFiles(directory);
    writeAtomically(files.key, made.key);
    writeAtomically(files.certificate, made.certificate);
    const ledger = { version: 1 as const, cluster, crlNumber: 0, certificates: [] };
    // The ledger comes last: with it, the authority is there.
    publishRevocations(directory, ledger, now);
    return span.notAfter;
  });
}

/** An authority that follows another one has another name, so that people and programs tell the two apart. */
function commonName(cluster: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 16).replace(/[-:]/g, '');
  return `${cluster.slice(0, 45)} ${stamp}`;
}
