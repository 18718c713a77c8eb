import type { LiveSettings } from '../cluster/index.js';
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
import { LIVE_KEYS, liveSettings } from './live-settings.js';
import type { NodeTrust } from './node-trust.js';
import type { Log } from './ports.js';

export interface ConfigurationParts {
  readonly configFile: string;
  /** What the daemon has started with. */
  readonly started: Configuration;
  readonly trust: NodeTrust;
  readonly files: ForeignFiles;
  /** Router IDs of the other nodes that announce something and can be reached. */
  readonly heard: () => readonly string[];
  /** Keys or mode are others now. */
  readonly trustChanged: () => void;
  readonly settings: (settings: LiveSettings) => void;
  /** What is to be said of the configuration is another. */
  readonly changed: () => void;
  readonly log: Log;
}

/**
 * The configuration file after the start. Who gets into the web server, whose announcements are believed, and what the core
 * looks at anew each time take effect at once. All else is read at the start only: log and status name the keys that wait for a
 * restart. What is wrong changes nothing.
 */
export class ConfigurationFile {
  readonly #parts: ConfigurationParts;
  #inForce: Configuration;
  #problem: string | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ConfigurationParts) {
    this.#parts = parts;
    this.#inForce = parts.started;
  }

  /** A sentence, or none. */
  get problems(): readonly string[] {
    return this.#problem === null ? [] : [this.#problem];
  }

  /** One after the other, so that the last one to be asked for is the one that counts. `tls`: null without certificates. */
  reread(tls: WebTls | null): Promise<void> {
    this.#last = this.#last.then(() => this.#reread(tls));
    return this.#last;
  }

  async #reread(tls: WebTls | null): Promise<void> {
    const { configFile, log } = this.#parts;
    try {
      const read = await this.#applied(tls);
      this.#tellLive(read);
      const keys = waiting(this.#parts.started, read, tls !== null);
      this.#inForce = read;
      if (keys.length > 0) {
        const text = `${configFile}: changed, and in effect only after a restart: ${keys.join(', ')}`;
        log.warn({ keys }, text);
        this.#say(text);
      } else this.#say(null);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const text = `the configuration is wrong, and srrd would not start with it: ${error.places} (\`srrd --config ${configFile} --check\` says why)`;
      log.error({}, text);
      this.#say(text);
    }
  }

  async #applied(tls: WebTls | null): Promise<Configuration> {
    const { configFile, started, trust, files, log } = this.#parts;
    const sources = new CarefulSources(started.stateDir, files);
    const read = await carefully(sources, () => loadConfiguration(configFile, sources));
    const { web } = read;
    const named = web?.tls ?? null;
    if (tls !== null && web !== null && named !== null) {
      tls.reload(web, await carefully(sources, () => readTlsFiles(configFile, named, Date.now(), sources)));
    }
    if (await trust.reload(read, sources, this.#parts.heard)) {
      this.#parts.trustChanged();
      const { mode, keyId } = trust.trust.status;
      log.info(
        { trust: mode },
        `trust: ${mode} from now on, ${keyId === null ? 'without a key' : `with the key ${keyId}`}`,
      );
    }
    return read;
  }

  #tellLive(read: Configuration): void {
    const keys = inWords(changedKeys(this.#inForce, read)).filter((key) => isLive(key));
    if (keys.length === 0) return;
    this.#parts.settings(liveSettings(read));
    this.#parts.log.info({ keys }, `${this.#parts.configFile}: changed, and in effect: ${keys.join(', ')}`);
  }

  #say(problem: string | null): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    this.#parts.changed();
  }
}

function waiting(started: Configuration, read: Configuration, hasTls: boolean): readonly string[] {
  return inWords(changedKeys(started, read)).filter((key) => !isLive(key) && !isApplied(key, hasTls));
}

/** As they stand in the file, where durations have their unit and `vty.ospfd` may be a socket. */
function inWords(keys: readonly string[]): readonly string[] {
  const written = keys.map((key) => key.replace(/Ms$/, '').replace(/^(vty\.\w+)\.(kind|path)$/, '$1'));
  return [...new Set(written)];
}

function isLive(key: string): boolean {
  return LIVE_KEYS.some((live) => key === live || key.startsWith(`${live}.`));
}

function isApplied(key: string, hasTls: boolean): boolean {
  const isWeb = key === 'web.access' || key.startsWith('web.tls.') || /^web\.nodes(\.|$)/.test(key);
  return key === 'trust' || key === 'trustDir' || (hasTls && isWeb);
}
