import { type CarefulSources, type Configuration, carefully } from '../config/index.js';
import { MarksFile, readTrustKeys, Trust, type TrustMode } from '../trust/index.js';
import type { Log } from './ports.js';

/** Proofs of this node, and what is read again on SIGHUP. */
export interface NodeTrust {
  readonly trust: Trust;
  /**
   * Returns whether something is different now. Throws a ConfigurationError; then nothing is. `heard`: the router IDs of the
   * other nodes that announce something and can be reached.
   */
  reload(read: Configuration, sources: CarefulSources, heard: () => readonly string[]): Promise<boolean>;
  /** Writes what is still to be written. */
  close(): void;
}

/** Reads the keys, if there are to be any, and what an earlier life remembered. Throws a ConfigurationError. */
export function openTrust({ cluster, stateDir, trust: mode, trustDir }: Configuration, log: Log): NodeTrust {
  const file = new MarksFile(stateDir, (text) => log.warn({}, text));
  const trust = new Trust({
    cluster,
    mode,
    keys: mode === 'off' ? null : readTrustKeys(trustDir),
    marks: file.load(),
    changed: () => file.soon(() => trust.marks),
    unixSeconds: () => Math.floor(Date.now() / 1000),
  });
  if (mode !== 'off')
    log.info({ trust: mode }, `announcements are signed by the key ${trust.status.keyId}; trust: ${mode}`);
  return {
    trust,
    reload: async (read, sources, heard) => {
      const keys = read.trust === 'off' ? null : await carefully(sources, () => readTrustKeys(read.trustDir, sources));
      const problem = notReady(trust, read.trust, heard());
      if (problem !== null) {
        log.error({ trust: trust.status.mode }, problem);
        return false;
      }
      return trust.reload(read.trust, keys);
    },
    close: () => file.flush(),
  };
}

/** A node that requires proofs hears nobody who gives none, and would take over what runs there. */
function notReady({ status }: Trust, mode: TrustMode, heard: readonly string[]): string | null {
  if (mode !== 'require' || status.mode === 'require') return null;
  if (status.mode === 'off') return 'trust: require follows trust: sign, which shows who signs; stays off';
  const proven = new Set(status.nodes.filter(({ standing }) => standing === 'proven').map(({ routerId }) => routerId));
  const silent = heard.filter((node) => !proven.has(node));
  if (silent.length === 0) return null;
  return `trust: require would not hear ${silent.join(', ')}, whose announcements are not proven (srrctl trust status); stays ${status.mode}`;
}
