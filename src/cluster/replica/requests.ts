import { type Answer, refused, reply } from '../answers/index.js';
import type { CommandEvent, Job, Replica, Turn } from '../state/index.js';

/** So many requests wait for a primitive of one replica. Equal ones that follow each other are answered by one call. */
export const MAX_WAITING = 16;

/** An operator asks for a primitive. null: it is answered when that has ended. */
export function requestPrimitive(replica: Replica, { command, request }: CommandEvent): Answer {
  if (command !== 'status' && command !== 'reload' && command !== 'restart' && command !== 'check') return null;
  const { name } = replica.definition;
  if (command !== 'status' && replica.run !== 'started')
    return refused(`${name} is ${replica.config}/${replica.run} here: ${command} needs it started`);
  if (replica.job !== null && mayTakeLong(replica.job)) return refused(mayTakeLongWords(replica, replica.job));
  const waiting = replica.requests.reduce((sum, { requests }) => sum + requests.length, 0);
  if (waiting >= MAX_WAITING)
    return refused(`${waiting} requests wait for ${name} here already: ask again when they have been answered`);
  const last = replica.requests.at(-1);
  if (last?.primitive === command) last.requests.push(request);
  else replica.requests.push({ primitive: command, requests: [request] });
  return null;
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
