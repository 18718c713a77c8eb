import { lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileOwner, writeAtomically } from '../files/index.js';

/** FRR's own files belong to its user, and FRR reads no other ones. */
const FRR_MODE = 0o640;

/**
 * Replaces a file and keeps whose it is. A new one beside FRR's is FRR's; any other is root's, and nobody else reads it. Throws an
 * Error for a link: whoever the folder belongs to could give away by it what is not his.
 */
export function writeLike(file: string, bytes: Uint8Array): void {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) throw new Error(`${file}: expected a file, got a link or something else`);
  const owner = there ?? ownerOfNew(file);
  writeAtomically(file, bytes, owner === undefined ? {} : { owner });
}

function ownerOfNew(file: string): FileOwner | undefined {
  if (!/\/(frr|ospfd|bfdd)\.conf$/.test(file)) return undefined;
  const { uid, gid } = statSync(dirname(file));
  return { uid, gid, mode: FRR_MODE };
}
