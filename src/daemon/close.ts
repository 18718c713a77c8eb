import type { Logger } from 'pino';
import type { ShutdownResult } from './shutdown.js';

/** What remains to be done when everything is stopped: closing connections and files. */
export const CLOSE_WITHIN_MS = 10_000;

export async function closeInTime(close: () => Promise<void>, log: Logger): Promise<ShutdownResult> {
  const limit = new Promise<ShutdownResult>((resolve) => {
    setTimeout(() => resolve('took-too-long'), CLOSE_WITHIN_MS).unref();
  });
  const result = await Promise.race([close().then((): ShutdownResult => 'finished'), limit]);
  if (result === 'finished') log.info('srrd has ended: everything is stopped and withdrawn');
  else log.error(`everything is stopped, but closing took longer than ${CLOSE_WITHIN_MS / 1000} s`);
  return result;
}
