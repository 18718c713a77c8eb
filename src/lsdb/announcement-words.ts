import type { DecodedBody } from '../lsa/index.js';
import { type Announcement, formatRouterId, type ServiceAnnouncement } from '../model/index.js';
import { orderWords } from '../tables/index.js';
import { count } from './words.js';

/** What an LSA of opaque type 222 says, in one sentence. `ownCluster`: announcements of another one are marked. */
export function announcementWords(decoded: DecodedBody, ownCluster: string): string {
  if (!decoded.ok) return `srrd, malformed: ${decoded.reason}`;
  const words = wordsOf(decoded.announcement);
  return decoded.cluster === ownCluster ? words : `${words} (cluster ${decoded.cluster})`;
}

function wordsOf(announcement: Announcement): string {
  switch (announcement.kind) {
    case 'service':
      return serviceWords(announcement);
    case 'daemon': {
      const { hostName, softwareVersion, standby, ask, outcomes, revocations, digest } = announcement;
      return [
        `node ${hostName}, srrd ${softwareVersion}`,
        ...(standby ? ['on standby'] : []),
        ...(ask.length > 0 ? [`asks ${ask.map((id) => formatRouterId(id)).join(' ')}`] : []),
        ...(outcomes.length > 0 ? [count(outcomes.length, 'outcome')] : []),
        ...revocations.map(({ number }) => `revocation list ${number}`),
        ...(digest === null ? [] : [`had ${count(digest.services, 'service')} out`]),
      ].join(', ');
    }
    case 'command': {
      const { order, target, operator, role, pin, holder } = announcement;
      const where = holder === null ? '' : ` on ${formatRouterId(holder)}`;
      const what = `${orderWords(order)}${where}${pin ? ' pinned' : ''}`;
      return `command ${what} at ${formatRouterId(target)}, by ${operator}${role === null ? '' : ` as ${role}`}`;
    }
  }
}

function serviceWords(announcement: ServiceAnnouncement): string {
  const { definition, runState, claim, knownClaim, preference, standby, joining, pinned, failure, assent } =
    announcement;
  const { kind, name, group, addresses } = definition;
  return [
    `${kind} ${name} ${runState}`,
    ...(failure === null ? [] : [`${failure.code}: ${failure.reason}`]),
    ...(group === name ? [] : [`group ${group}`]),
    `preference ${preference}`,
    ...(claim === 0 ? [] : [`claim ${claim}`]),
    ...(knownClaim === null ? [] : [`knows of claim ${knownClaim}`]),
    ...(standby ? ['standby'] : []),
    ...(joining ? ['joining'] : []),
    ...(pinned ? ['pinned'] : []),
    ...(assent === null ? [] : [`assents to ${formatRouterId(assent.owner)} claim ${assent.claim}`]),
    ...addresses,
  ].join(', ');
}
