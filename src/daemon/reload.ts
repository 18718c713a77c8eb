import { type Configuration, ConfigurationError, loadConfiguration } from '../config/index.js';
import { changedKeys } from './changed-keys.js';
import type { Log } from './ports.js';

/**
 * Reads the configuration again and says in the log what its changes mean. All of it is read at start only, so every
 * changed key is one that needs a restart.
 */
export function compareConfiguration(configFile: string, running: Configuration, log: Log): void {
  try {
    const changed = changedKeys(running, loadConfiguration(configFile));
    if (changed.length === 0) return;
    log.warn({ keys: changed }, `${configFile}: changed, and in effect only after a restart: ${changed.join(', ')}`);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log.error({}, `the configuration is wrong, and srrd would not start with it: ${error.message}`);
  }
}
