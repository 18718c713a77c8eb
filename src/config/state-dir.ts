import { ConfigurationError } from './errors.js';
import { DIRECTLY, type Sources } from './sources.js';
import { absenceProblem } from './trust.js';

/**
 * What is in the state directory decides what is run and what is believed of other nodes: nobody else may write there, or on
 * the path to it. One that is not there yet must be ours to make. Throws a ConfigurationError with path and mode.
 */
export function checkStateDir(configFile: string, stateDir: string, sources: Sources = DIRECTLY): void {
  const problem = absenceProblem(stateDir, undefined, undefined, sources.look);
  if (problem !== null) throw new ConfigurationError(configFile, [`stateDir: ${problem}`]);
}
