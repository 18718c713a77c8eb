import { type Configuration, ConfigurationError, loadConfiguration } from '../config/index.js';
import type { ForeignFiles } from '../files/index.js';
import type { WebTls } from '../http/index.js';
import { changedKeys } from './changed-keys.js';
import type { Log } from './ports.js';

export interface Reload {
  readonly configFile: string;
  readonly running: Configuration;
  /** null: no web server, or one without certificates. */
  readonly tls: WebTls | null;
  readonly files: Pick<ForeignFiles, 'isHung'>;
  readonly log: Log;
}

const NO_ANSWER = 'cannot be read: its file system does not answer';

/**
 * Reads the configuration again. Who gets into the web server takes effect at once; all else is read at start only, and
 * the log names the keys that need a restart. What is wrong changes nothing.
 */
export async function applyConfiguration({ configFile, running, tls, files, log }: Reload): Promise<void> {
  try {
    if (await files.isHung([configFile])) throw new ConfigurationError(configFile, [NO_ANSWER]);
    const read = loadConfiguration(configFile);
    if (await files.isHung(filesOf(read))) throw new ConfigurationError(configFile, [`web.tls: ${NO_ANSWER}`]);
    if (read.web !== null) tls?.reload(configFile, read.web);
    const changed = changedKeys(running, read).filter((key) => tls === null || !isApplied(key));
    if (changed.length === 0) return;
    log.warn({ keys: changed }, `${configFile}: changed, and in effect only after a restart: ${changed.join(', ')}`);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log.error({}, `the configuration is wrong, and srrd would not start with it: ${error.message}`);
  }
}

function filesOf({ web }: Configuration): readonly string[] {
  const tls = web?.tls ?? null;
  return tls === null ? [] : [tls.cert, tls.key, ...tls.ca, ...tls.crl];
}

function isApplied(key: string): boolean {
  return key === 'web.access' || key.startsWith('web.tls.');
}
