import { type Logger, pino } from 'pino';
import { LogDestination } from './log-destination.js';

/** How long the end of the daemon waits for who reads the log, in ms. */
const DRAIN_WITHIN_MS = 1_000;

const STDOUT = 1;

/** JSON lines on stdout. Whoever reads the log must not be able to stall failover, nor the end of the daemon. */
export interface DaemonLog {
  readonly logger: Logger;
  /** Writes what still waits, for a bounded time. To be called before the process ends. */
  drain(): Promise<void>;
  /** The same as far as it is possible at once. */
  flushNow(): void;
}

export function createLog(nodeName: string): DaemonLog {
  const destination = new LogDestination({
    descriptor: STDOUT,
    lossLine: (lost, why) => {
      const msg = `${lost} lines of the log were lost here: stdout took none (${why})`;
      return `${JSON.stringify({ level: pino.levels.values.warn, time: Date.now(), node: nodeName, lost, msg })}\n`;
    },
  });
  const logger = pino({ base: { node: nodeName } }, destination);
  return {
    logger,
    drain: () => destination.drained(DRAIN_WITHIN_MS),
    flushNow: () => destination.flushNow(),
  };
}
