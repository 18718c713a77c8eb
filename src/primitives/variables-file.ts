import { lstatSync, type Stats } from 'node:fs';
import { readRegularFile } from '../config/read-file.js';
import { isReservedVariable } from './environment.js';

const MAX_BYTES = 64 * 1024;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The variables in a file of lines KEY=VALUE; empty ones and those that begin with # are left out, and a value is all that
 * follows the first `=`. Throws a sentence, which never says what is in the file.
 */
export function readVariablesFile(file: string): Record<string, string> {
  checkVariablesFile(file);
  const variables: Record<string, string> = {};
  const lines = readRegularFile(file, MAX_BYTES).toString('utf8').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(0, at));
    if (!NAME.test(name) || isReservedVariable(name) || line.includes('\0')) {
      throw new Error(
        `${file}: line ${index + 1}: expected KEY=VALUE, without spaces around KEY, and none of srrd's own`,
      );
    }
    variables[name] = line.slice(at + 1);
  }
  return variables;
}

/** Throws a sentence if the file is not there, or others may read or change it. */
export function checkVariablesFile(file: string): void {
  const stats = statsOf(file);
  if (!stats.isFile()) throw new Error(`${file}: expected a regular file, and no link`);
  if ((stats.mode & 0o077) !== 0) throw new Error(`${file} can be read or changed by others: chmod 600 ${file}`);
  if (stats.uid !== 0 && stats.uid !== process.geteuid?.()) {
    throw new Error(`${file} belongs to user ${stats.uid}: expected root, or the user of srrd (chown root ${file})`);
  }
}

function statsOf(file: string): Stats {
  try {
    return lstatSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new Error(code === 'ENOENT' ? `${file} is missing` : `${file} cannot be read: ${code}`);
  }
}
