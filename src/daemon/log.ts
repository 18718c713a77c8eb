import { type Logger, pino } from 'pino';

/** What waits for a reader of stdout that has stalled; more is dropped. */
const MAX_UNWRITTEN_BYTES = 1024 * 1024;

/** JSON lines on stdout. Written aside: whoever reads the log must not be able to stall failover. */
export interface DaemonLog {
  readonly logger: Logger;
  /** Writes what still waits. To be called before the process ends. */
  flush(): void;
}

export function createLog(nodeName: string): DaemonLog {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 0, maxLength: MAX_UNWRITTEN_BYTES });
  const logger = pino({ base: { node: nodeName } }, destination);
  return {
    logger,
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // Nobody reads any more, or nothing was ever written: there is nobody to tell.
      }
    },
  };
}
