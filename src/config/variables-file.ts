import { constants } from 'node:fs';
import { type LookAt, openToOthers } from '../files/index.js';
import { isReservedVariable } from '../model/index.js';

export const MAX_VARIABLES_BYTES = 64 * 1024;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The variables in a file of lines KEY=VALUE; empty ones and those that begin with # are left out, and a value is all that
 * follows the first `=`. Throws a sentence, which never says what is in the file.
 */
export function variablesIn(file: string, text: string): Record<string, string> {
  // An object would take `__proto__` for something else.
  const variables = new Map<string, string>();
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(0, at));
    if (!NAME.test(name) || isReservedVariable(name) || line.includes('\0')) {
      throw new Error(
        `${file}: line ${index + 1}: expected KEY=VALUE, without spaces around KEY, and none of srrd's own`,
      );
    }
    variables.set(name, line.slice(at + 1));
  }
  return Object.fromEntries(variables);
}

/** Throws a sentence if the file is not there, or others may read or change it. */
export function checkVariablesFile(file: string, look: LookAt): void {
  const step = look(file);
  if (step.kind === 'absent') throw new Error(`${file} is missing`);
  if (step.kind === 'failed') throw new Error(`${file} cannot be read: ${step.problem}`);
  const { mode, uid } = step;
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw new Error(`${file}: expected a regular file, and no link`);
  const open = openToOthers(file, mode, 'others can read or change it');
  if (open !== null) throw new Error(`${file}: ${open}`);
  if (uid !== 0 && uid !== process.geteuid?.()) {
    throw new Error(`${file} belongs to user ${uid}: expected root, or the user of srrd (chown root ${file})`);
  }
}
