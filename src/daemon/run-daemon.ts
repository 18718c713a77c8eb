import { CarefulSources, ConfigurationError, carefully, checkStateDir, loadConfiguration } from '../config/index.js';
import { ForeignFiles } from '../files/index.js';
import { createLog, type DaemonLog } from './log.js';
import { Signals } from './signals.js';
import { startDaemon } from './start-daemon.js';

export interface RunOptions {
  readonly configFile: string;
  readonly softwareVersion: string;
  /** Default: JSON lines on stdout. */
  readonly createLog?: (nodeName: string) => DaemonLog;
  /** Default: they are listened to from now on. */
  readonly signals?: Signals;
}

/**
 * Runs the daemon until a signal ends it. Returns the exit code: 0 when everything is stopped and withdrawn, 1 when it had
 * to end without. Throws a ConfigurationError, or an Error if it cannot start (the state directory is in use, say).
 */
export async function runDaemon(options: RunOptions): Promise<number> {
  const signals = options.signals ?? new Signals();
  try {
    return await run(options, signals);
  } finally {
    signals.close();
  }
}

async function run(options: RunOptions, signals: Signals): Promise<number> {
  const sources = new CarefulSources(null, new ForeignFiles());
  const configuration = await carefully(sources, () => {
    const read = loadConfiguration(options.configFile, sources);
    checkStateDir(options.configFile, read.stateDir, sources);
    return read;
  });
  const log = (options.createLog ?? createLog)(configuration.node.name);
  const unexpected = endOnUnexpected(log);
  try {
    const daemon = await startDaemon({ ...options, configuration, log: log.logger });
    signals.deliverTo(daemon);
    const result = await daemon.ended;
    return result === 'finished' ? 0 : 1;
  } finally {
    unexpected.close();
    await log.drain();
  }
}

/**
 * After an exception that nobody expected, nothing that this process believes can be trusted, so it ends at once. What
 * must be remembered is on disk, ospfd flushes our LSAs, and the leases end the aliases.
 */
function endOnUnexpected(log: DaemonLog): { close(): void } {
  const end = (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    log.logger.fatal({ err: error }, `ending at once: ${text}`);
    log.flushNow();
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  return {
    close: () => {
      process.off('uncaughtException', end);
      process.off('unhandledRejection', end);
    },
  };
}

export { ConfigurationError as WrongConfigurationError };
