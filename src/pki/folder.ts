import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockStateDir, StateDirLockedError } from '../files/index.js';
import { PkiError } from './errors.js';

/** Where an authority keeps its files (docs/pki.md). */
export interface PkiFiles {
  readonly certificate: string;
  readonly key: string;
  readonly revocations: string;
  readonly ledger: string;
}

export type CertificateUse = 'server' | 'client';

export function pkiFiles(directory: string): PkiFiles {
  return {
    certificate: join(directory, 'ca.crt'),
    key: join(directory, 'ca.key'),
    revocations: join(directory, 'crl.pem'),
    ledger: join(directory, 'index.json'),
  };
}

/** Such as `server/alpha.crt`; `ending` is `crt`, `key` or `p12`. */
export function holderFile(directory: string, use: CertificateUse, name: string, ending: string): string {
  return join(directory, use, `${name}.${ending}`);
}

/** Throws a PkiError if there is anything in this folder: an authority's keys are never overwritten. */
export function expectEmpty(directory: string): void {
  if (existsSync(pkiFiles(directory).ledger))
    throw new PkiError(`${directory} holds an authority already: use it, move it away, or name another folder (--dir)`);
  if (!existsSync(directory)) return;
  const [first] = readdirSync(directory).filter((entry) => entry !== 'lock');
  if (first !== undefined)
    throw new PkiError(`expected ${directory} to be a new or empty folder, found ${first} in it: name another (--dir)`);
}

/** Works in the folder while no other `srrctl pki` does. Makes it, with 0700, if it is missing. */
export async function inFolder<Result>(directory: string, work: () => Promise<Result> | Result): Promise<Result> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = lockFolder(directory);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PkiError(`cannot read it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function lockFolder(directory: string) {
  try {
    return lockStateDir(directory);
  } catch (error) {
    if (error instanceof StateDirLockedError) throw new PkiError(`another srrctl pki works in ${directory}: try again`);
    throw error;
  }
}
