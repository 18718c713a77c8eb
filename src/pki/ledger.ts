import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readJson, writeAtomically } from '../files/index.js';
import { PkiError } from './errors.js';
import { pkiFiles } from './folder.js';

const time = z.iso.datetime();

const issued = z.strictObject({
  /** Upper-case hexadecimal digits, as Node.js and openssl write it. */
  serial: z.string().regex(/^([0-9A-F]{2})+$/),
  use: z.enum(['server', 'client']),
  name: z.string(),
  /** Of clients. */
  role: z.enum(['viewer', 'operator', 'admin']).nullable(),
  /** Of servers. */
  addresses: z.array(z.string()),
  notBefore: time,
  notAfter: time,
  /** SHA-256 of the certificate, as openssl writes it: pairs of digits with colons. */
  fingerprint: z.string(),
  /** null: it counts. */
  revokedAt: time.nullable(),
});

const schema = z.strictObject({
  version: z.literal(1),
  cluster: z.string(),
  /** Of the last revocation list. */
  crlNumber: z.int().min(0),
  certificates: z.array(issued),
});

/** A certificate that the authority has issued. Its key is only in the holder's files. */
export type IssuedCertificate = z.output<typeof issued>;

/** All that an authority has done. Times are ISO 8601 in UTC. */
export type Ledger = z.output<typeof schema>;

/** Throws a PkiError if there is no authority in this folder, or its list cannot be used. */
export function readLedger(directory: string): Ledger {
  const file = pkiFiles(directory).ledger;
  if (!existsSync(file))
    throw new PkiError(`there is no authority in ${directory}: make one with "srrctl pki init --dir ${directory}"`);
  const reading = readJson(file, schema);
  if (reading.kind === 'read') return reading.value;
  throw new PkiError(`${file} cannot be used: ${reading.kind === 'corrupt' ? reading.reason : 'it is gone'}`);
}

export function writeLedger(directory: string, ledger: Ledger): void {
  writeAtomically(pkiFiles(directory).ledger, `${JSON.stringify(ledger, null, 2)}\n`);
}
