import { statSync } from 'node:fs';
import { openToOthers } from '../files/index.js';
import type { Configuration } from './configuration.js';

/** A sentence if others than the file's owner may read the passwords in it; null: there are none, or nobody may. */
export function readableSecrets(file: string, { vty }: Configuration): string | null {
  const hasPasswords = [vty.zebra, vty.ospfd, vty.mgmtd].some(({ kind }) => kind === 'tcp');
  const problem = hasPasswords ? openToOthers(file, statSync(file).mode, 'others know the passwords of FRR') : null;
  return problem && `${file}: ${problem}`;
}
