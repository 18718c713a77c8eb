import { chmodSync, chownSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomically } from '../files/index.js';

/** FRR's own files belong to its user, and FRR reads no other ones. */
const FRR_MODE = 0o640;

/** Replaces a file and keeps whose it is. A new one beside FRR's is FRR's; any other is root's, and nobody else reads it. */
export function writeLike(file: string, bytes: Uint8Array): void {
  const isNew = !existsSync(file);
  writeAtomically(file, bytes, { keepOwner: !isNew });
  if (!isNew || !/\/(frr|ospfd|bfdd)\.conf$/.test(file)) return;
  const { uid, gid } = statSync(dirname(file));
  chownSync(file, uid, gid);
  chmodSync(file, FRR_MODE);
}
