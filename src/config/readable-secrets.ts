import { statSync } from 'node:fs';
import type { Configuration } from './configuration.js';

/** A sentence if others than the file's owner may read the passwords in it; null: there are none, or nobody may. */
export function readableSecrets(file: string, { vty }: Configuration): string | null {
  const hasPasswords = [vty.zebra, vty.ospfd, vty.mgmtd].some(({ kind }) => kind === 'tcp');
  if (!hasPasswords || (statSync(file).mode & 0o077) === 0) return null;
  return `${file} holds passwords of FRR, and other users of this machine may read or change it: chmod 600 ${file}`;
}
