import { chmodSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from './errors.js';
import { DIRECTLY, type Sources } from './sources.js';
import { absenceProblem } from './trust.js';

/** Folders that people make, with whatever mode; all else in the state directory srrd makes, for itself alone. */
const PRIVATE = ['services', 'secrets'];

/**
 * What is in the state directory decides what is run and what is believed of other nodes: nobody else may write there, or on
 * the path to it. One that is not there yet must be ours to make. Throws a ConfigurationError with path and mode.
 */
export function checkStateDir(configFile: string, stateDir: string, sources: Sources = DIRECTLY): void {
  const problem = absenceProblem(stateDir, undefined, undefined, sources.look);
  if (problem !== null) throw new ConfigurationError(configFile, [`stateDir: ${problem}`]);
}

/**
 * Others may pass through the state directory to the folder of a service with a user: what people have put in it is closed to
 * them. A link is left as it is: where it leads is no part of the state directory. Throws the system's error if it cannot.
 */
export function closeToOthers(stateDir: string): void {
  for (const folder of PRIVATE.map((name) => join(stateDir, name))) {
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory() && (stats.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  }
}
