import { ANY_ADDRESS, type Ipv4 } from '../ipv4.js';
import type { OpaqueRegistration } from '../options.js';
import type { ApiRequest } from '../wire/message.js';
import type { Session } from './session.js';

export const ALL_LSAS = { typeMask: 0xffff, origin: 'any', areas: [] } as const;

/** ospfd's answer to a sync request leaves out type 7; NSSA LSAs are seen as they change. */
export const SYNCED_LSA_TYPES = [1, 2, 3, 4, 5, 9, 10, 11];

/**
 * Registers, calls `onRegistered`, and returns when everything that ospfd knew has been delivered. Returns what went wrong
 * otherwise; the session is of no use then.
 */
export async function startSession(
  session: Session,
  opaque: readonly OpaqueRegistration[],
  onRegistered: (routerId: Ipv4) => void,
): Promise<string | undefined> {
  const routerId = await session.barrier();
  if (routerId === undefined) return 'the session ended before ospfd told its router ID';
  if (routerId === ANY_ADDRESS) return 'ospfd has no router ID yet';
  const registrations: ApiRequest[] = [
    { kind: 'register-event', filter: ALL_LSAS },
    ...opaque.map((registration) => ({ kind: 'register-opaque-type' as const, ...registration })),
  ];
  const refused = await requestAll(session, registrations);
  if (refused !== undefined) return refused;
  onRegistered(routerId);
  return sync(session);
}

/**
 * One LSA type at a time, each delivered before the next is asked for: an LSA that is too long for a notification makes
 * ospfd lose what it has queued before, and so takes only LSAs of its own type with it.
 */
async function sync(session: Session): Promise<string | undefined> {
  const refused = await requestAll(session, [{ kind: 'sync-reachable' }, { kind: 'sync-ism' }, { kind: 'sync-nsm' }]);
  if (refused !== undefined) return refused;
  for (const type of SYNCED_LSA_TYPES) {
    if ((await session.barrier()) === undefined) return 'the session ended during synchronisation';
    const filter = { ...ALL_LSAS, typeMask: 1 << (type - 1) };
    const failed = await requestAll(session, [{ kind: 'sync-lsdb', filter }]);
    if (failed !== undefined) return failed;
  }
  return (await session.barrier()) === undefined ? 'the session ended during synchronisation' : undefined;
}

async function requestAll(session: Session, requests: readonly ApiRequest[]): Promise<string | undefined> {
  for (const request of requests) {
    const reply = await session.request(request);
    if (!reply.ok) return reply.text;
  }
  return undefined;
}
