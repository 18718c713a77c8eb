import type { Api } from './api.js';

/** Requests that wait for their turn; more are refused. */
const MAX_WAITING = 500;

/**
 * Lets one request begin in each turn of the event loop. Between any two of them the daemon's main job gets its turn,
 * however many arrive at the same time.
 */
export function takeTurns(api: Api): void {
  const waiting: (() => void)[] = [];
  let isScheduled = false;
  const schedule = () => {
    isScheduled = waiting.length > 0;
    if (isScheduled) setImmediate(next);
  };
  const next = () => {
    waiting.shift()?.();
    schedule();
  };
  api.addHook('onRequest', (_request, reply, done) => {
    if (waiting.length >= MAX_WAITING) {
      reply.code(503).send({ error: `${MAX_WAITING} requests wait already; try again later` });
      return;
    }
    waiting.push(done);
    if (!isScheduled) schedule();
  });
}
