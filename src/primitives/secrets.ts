import { CarefulSources, carefully, checkVariablesFile, MAX_VARIABLES_BYTES, variablesIn } from '../config/index.js';
import type { ForeignFiles } from '../files/index.js';

/**
 * The variables in a file that a definition names, which may lie anywhere. Throws a sentence, which never says what is in
 * the file, if it cannot be read, if others may read it, or if its file system does not answer.
 */
export function readVariablesFile(
  file: string,
  stateDir: string,
  files: ForeignFiles,
): Promise<Record<string, string>> {
  const sources = new CarefulSources(stateDir, files);
  return carefully(sources, () => {
    checkVariablesFile(file, sources.look);
    return variablesIn(file, sources.bytes(file, MAX_VARIABLES_BYTES).toString('utf8'));
  });
}
