import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorText, writeAtomically } from '../files/index.js';
import { isName } from '../model/index.js';
import { ConfigurationError } from './errors.js';
import { DEFINITION_LIMITS } from './yaml-document.js';
import { readText } from './yaml-file.js';
import { inYamlThread } from './yaml-thread.js';

/**
 * Writes `enabled` into `STATEDIR/services/NAME.yaml`, atomically. All else in the file stays as it is, comments
 * included, and layout too if the file is written one key a line. Throws a ConfigurationError if there is no such file, if it is not YAML or cannot be written.
 */
export async function setEnabled(stateDir: string, name: string, enabled: boolean): Promise<void> {
  const file = definitionPath(stateDir, name);
  const text = readText(file, DEFINITION_LIMITS);
  const answer = await inYamlThread({ kind: 'enable', text, enabled });
  if ('problems' in answer) throw new ConfigurationError(file, answer.problems);
  const { text: changed } = answer;
  if (changed === text) return;
  // Somebody has saved it meanwhile: that stays.
  if (readText(file, DEFINITION_LIMITS) !== text) return setEnabled(stateDir, name, enabled);
  try {
    writeAtomically(file, changed, { keepOwner: true });
  } catch (error) {
    throw new ConfigurationError(file, [`cannot be written: ${systemErrorText(error)}`]);
  }
}

/** The file itself where it is a link: the link stays. */
function definitionPath(stateDir: string, name: string): string {
  const file = join(stateDir, 'services', `${name}.yaml`);
  if (!isName(name)) throw new ConfigurationError(file, [`'${name}' is not the name of a service`]);
  try {
    return realpathSync(file);
  } catch (error) {
    throw new ConfigurationError(file, [`cannot be read: ${systemErrorText(error)}`]);
  }
}
