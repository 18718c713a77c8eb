import { type Configuration, ConfigurationError, loadConfiguration } from '../config/index.js';
import type { WebTls } from '../http/index.js';
import { changedKeys } from './changed-keys.js';
import type { Log } from './ports.js';

/**
 * Reads the configuration again. Who gets into the web server takes effect at once; all else is read at start only, and
 * the log names the keys that need a restart. What is wrong changes nothing.
 */
export function applyConfiguration(configFile: string, running: Configuration, tls: WebTls | null, log: Log): void {
  try {
    const read = loadConfiguration(configFile);
    if (read.web !== null) tls?.reload(configFile, read.web);
    const changed = changedKeys(running, read).filter((key) => tls === null || !isApplied(key));
    if (changed.length === 0) return;
    log.warn({ keys: changed }, `${configFile}: changed, and in effect only after a restart: ${changed.join(', ')}`);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log.error({}, `the configuration is wrong, and srrd would not start with it: ${error.message}`);
  }
}

function isApplied(key: string): boolean {
  return key === 'web.access' || key.startsWith('web.tls.');
}
