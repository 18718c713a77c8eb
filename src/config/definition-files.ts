import { existsSync, linkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder, systemErrorText, writeAtomically } from '../files/index.js';
import { ConfigurationError } from './errors.js';

/**
 * Replaces or makes a definition file, atomically, on disk when this returns. What the file said before is kept beside
 * it as `.NAME.yaml.old`. A new file has mode 0600, an old one keeps its mode and owner; a link stays one.
 * Throws a ConfigurationError.
 */
export function writeDefinition(path: string, text: string): void {
  try {
    const isNew = !existsSync(path);
    const target = isNew ? path : realpathSync(path);
    if (!isNew) keepOld(target);
    writeAtomically(target, text, { keepOwner: !isNew });
  } catch (error) {
    throw new ConfigurationError(path, [`cannot be written: ${systemErrorText(error)}`]);
  }
}

/** Takes a definition file away; it is kept as `.NAME.yaml.old`. Throws a ConfigurationError. */
export function removeDefinition(path: string): void {
  try {
    renameSync(path, oldPath(path));
    syncFolder(dirname(path));
  } catch (error) {
    throw new ConfigurationError(path, [`cannot be removed: ${systemErrorText(error)}`]);
  }
}

/** A second name for what is there: the atomic replacement that follows leaves it alone. */
function keepOld(path: string): void {
  rmSync(oldPath(path), { force: true });
  linkSync(path, oldPath(path));
}

function oldPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.old`);
}
