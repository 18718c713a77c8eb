import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the checkout: this code runs from its sources (vitest) and compiled (demo), at different depths. */
export const CHECKOUT = findUpwards(dirname(fileURLToPath(import.meta.url)));

function findUpwards(directory: string): string {
  if (existsSync(join(directory, 'package-lock.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory)
    throw new Error('the lab runs from a checkout of SRRD: no package-lock.json found above it');
  return findUpwards(parent);
}
