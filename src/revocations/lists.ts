import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile, writeAtomically } from '../files/index.js';
import { type Authority, MAX_REVOCATION_LIST_BYTES, type RevocationList, readRevocationList } from '../pki/index.js';

/** As PEM it is a third longer. */
export const MAX_FILE_BYTES = 2 * MAX_REVOCATION_LIST_BYTES;

/** What an authority's list was fetched into, and is read from after a restart. */
export function keptFile(stateDir: string, authority: string): string {
  return join(stateDir, 'revocations', `${authority}.crl`);
}

export function keep(stateDir: string, { issuer, der }: RevocationList): void {
  writeAtomically(keptFile(stateDir, issuer), der);
}

export interface Reading {
  /** The highest list of each authority that has one. */
  readonly lists: readonly RevocationList[];
  /** Files that cannot be used, in words. A file that is missing is none. */
  readonly problems: readonly string[];
}

/** Reads the lists in these files, which are on the daemon's own disk; those that no authority of ours has signed do not count. */
export function readLists(files: readonly string[], authorities: readonly Authority[]): Reading {
  const lists = new Map<string, RevocationList>();
  const problems: string[] = [];
  for (const file of files) {
    try {
      const list = readRevocationList(readRegularFile(file, MAX_FILE_BYTES), authorities);
      if (list.number > (lists.get(list.issuer)?.number ?? -1)) lists.set(list.issuer, list);
    } catch (error) {
      if (!isMissing(error)) problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { lists: [...lists.values()], problems };
}

/** Changes when one of the files does. */
export function stampOf(files: readonly string[]): string {
  return files.map(stamp).join(' ');
}

function stamp(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${ino}:${size}:${mtimeNs}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'none';
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
