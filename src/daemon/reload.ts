import {
  CarefulSources,
  type Configuration,
  ConfigurationError,
  carefully,
  loadConfiguration,
} from '../config/index.js';
import type { ForeignFiles } from '../files/index.js';
import { readTlsFiles, type WebTls } from '../http/index.js';
import { changedKeys } from './changed-keys.js';
import type { NodeTrust } from './node-trust.js';
import type { Log } from './ports.js';

export interface Reload {
  readonly configFile: string;
  readonly running: Configuration;
  /** null: no web server, or one without certificates. */
  readonly tls: WebTls | null;
  readonly trust: NodeTrust;
  /** Router IDs of the other nodes that announce something and can be reached. */
  readonly heard: () => readonly string[];
  /** Keys or mode are others now. */
  readonly trustChanged: () => void;
  readonly files: ForeignFiles;
  readonly log: Log;
}

/**
 * Reads the configuration again. Who gets into the web server, and whose announcements are believed, takes effect at once;
 * all else is read at start only, and the log names the keys that need a restart. What is wrong changes nothing.
 */
export async function applyConfiguration(reload: Reload): Promise<void> {
  const { configFile, running, tls, trust, files, log } = reload;
  try {
    const sources = new CarefulSources(running.stateDir, files);
    const read = await carefully(sources, () => loadConfiguration(configFile, sources));
    const { web } = read;
    const named = web?.tls ?? null;
    if (tls !== null && web !== null && named !== null) {
      tls.reload(web, await carefully(sources, () => readTlsFiles(configFile, named, Date.now(), sources)));
    }
    if (await trust.reload(read, sources, reload.heard)) {
      reload.trustChanged();
      const { mode, keyId } = trust.trust.status;
      log.info(
        { trust: mode },
        `trust: ${mode} from now on, ${keyId === null ? 'without a key' : `with the key ${keyId}`}`,
      );
    }
    const changed = changedKeys(running, read).filter((key) => !isApplied(key, tls !== null));
    if (changed.length === 0) return;
    log.warn({ keys: changed }, `${configFile}: changed, and in effect only after a restart: ${changed.join(', ')}`);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log.error({}, `the configuration is wrong, and srrd would not start with it: ${error.message}`);
  }
}

function isApplied(key: string, hasTls: boolean): boolean {
  const isWeb = key === 'web.access' || key.startsWith('web.tls.') || /^web\.nodes(\.|$)/.test(key);
  return key === 'trust' || key === 'trustDir' || (hasTls && isWeb);
}
