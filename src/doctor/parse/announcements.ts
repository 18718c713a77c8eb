import { decodeBody } from '../../lsa/index.js';
import { compareSequence } from '../../model/index.js';
import type { LsaRecord, SeenReplica } from '../facts.js';

/** Whether the LSA is one of srrd's (docs/wire-format.md: opaque type 222). */
export function isAnnouncement({ type, linkStateId }: LsaRecord): boolean {
  return type.includes('Opaque') && linkStateId.startsWith('222.');
}

/** The newest announcement of each replica of this cluster. What is no announcement is left out: it is srrd's to count. */
export function newestReplicas(lsdb: readonly LsaRecord[], cluster: string): readonly SeenReplica[] {
  const newest = new Map<string, SeenReplica>();
  for (const lsa of lsdb) {
    if (!isAnnouncement(lsa) || lsa.body === null) continue;
    const decoded = decodeBody(lsa.body);
    if (!decoded.ok || decoded.cluster !== cluster || decoded.announcement.kind !== 'service') continue;
    const { announcement } = decoded;
    const key = `${lsa.advertisingRouter} ${announcement.definition.name}`;
    const other = newest.get(key);
    if (other !== undefined && compareSequence(other.announcement.sequence, announcement.sequence) >= 0) continue;
    newest.set(key, { origin: lsa.advertisingRouter, announcement });
  }
  return [...newest.values()];
}
