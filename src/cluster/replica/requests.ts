import type { Primitive } from '../../model/index.js';
import { reply } from '../answers/index.js';
import type { Job, Replica, Turn } from '../state/index.js';

/** So many requests wait for a primitive of one replica. Equal ones that follow each other are answered by one call. */
export const MAX_WAITING = 16;

/** Why no primitive can be asked for now; null: one can. */
export function whyNotRequested(replica: Replica): string | null {
  if (replica.job !== null && mayTakeLong(replica.job)) return mayTakeLongWords(replica, replica.job);
  const waiting = replica.requests.reduce((sum, { requests }) => sum + requests.length, 0);
  if (waiting < MAX_WAITING) return null;
  return `${waiting} requests wait for ${replica.definition.name} already: ask again when they have been answered`;
}

/** An operator has asked for a primitive, and is answered when that has ended. */
export function requestPrimitive(replica: Replica, primitive: Primitive, request: string): void {
  const last = replica.requests.at(-1);
  if (last?.primitive === primitive) last.requests.push(request);
  else replica.requests.push({ primitive, requests: [request] });
}

/** Tells all who wait why their request will not be granted. */
export function refuseRequests(turn: Turn, replica: Replica, why: string): void {
  for (const { requests } of replica.requests.splice(0)) {
    for (const request of requests) reply(turn, request, false, why);
  }
}

/** A job that has no limit, and has asked to be called again: nobody can say when its end comes. */
export function mayTakeLong(job: Job): boolean {
  return job.recall > 0 && job.deadlineMs === null;
}

export function mayTakeLongWords({ definition }: Replica, { primitive, recall }: Job): string {
  return `${primitive} of ${definition.name} has not ended, and was called ${recall} times: ask again when it has`;
}
