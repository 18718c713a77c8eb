import { reply } from '../answers/index.js';
import type { Replica, Turn } from '../state/index.js';
import { startJob } from './jobs.js';
import { beginRestart } from './restart.js';

/** Runs what was asked for first, in any state in which nothing else runs. Returns whether it did. */
export function grantRequest(turn: Turn, replica: Replica): boolean {
  while (replica.requests.length > 0) {
    const [next] = replica.requests.splice(0, 1);
    if (next === undefined) break;
    const { primitive, requests } = next;
    if (primitive !== 'status' && replica.run !== 'started') {
      const text = `${replica.definition.name} is no longer started: ${primitive} needs it started`;
      for (const request of requests) reply(turn, request, false, text);
      continue;
    }
    if (primitive === 'restart') beginRestart(replica, requests);
    else startJob(turn, replica, primitive, requests);
    return true;
  }
  return false;
}
