import { decodeLsa, formatIpv4, type Lsa, type LsaInstance, splitTlvs } from 'ospfapi-shim';
import { type DecodedBody, decodeBody } from '../lsa/index.js';
import { announcementWords } from './announcement-words.js';
import { OWN_OPAQUE_TYPE } from './fields-of-tlvs.js';
import { count, opaqueTypeName, prefixLength } from './words.js';

/** What an LSA's body says: decoded, and in one sentence. */
export interface Meaning {
  readonly lsa: ReturnType<typeof decodeLsa>;
  /** Of opaque type 222 only. */
  readonly announcement: DecodedBody | null;
  readonly words: string;
}

/** Never throws. */
export function meaningOf(instance: LsaInstance, ownCluster: string): Meaning {
  const lsa = decodeLsa(instance.header, instance.body);
  if (lsa.kind === 'malformed') return { lsa, announcement: null, words: `malformed: ${lsa.reason}` };
  const isOurs = lsa.kind === 'opaque' && lsa.opaqueType === OWN_OPAQUE_TYPE;
  const announcement = isOurs ? decodeBody(instance.body) : null;
  const words = announcement === null ? wordsOf(lsa, instance) : announcementWords(announcement, ownCluster);
  return { lsa, announcement, words };
}

function wordsOf(lsa: Lsa, { header }: LsaInstance): string {
  switch (lsa.kind) {
    case 'router': {
      const roles = [
        ...(lsa.areaBorderRouter ? ['area border router'] : []),
        ...(lsa.asBoundaryRouter ? ['AS boundary router'] : []),
        ...(lsa.virtualLinkEndpoint ? ['virtual link endpoint'] : []),
      ];
      const links = linksByType(lsa.links.map(({ type }) => type));
      return [`${count(lsa.links.length, 'link')}${links === '' ? '' : `: ${links}`}`, ...roles].join(', ');
    }
    case 'network':
      return `${network(header.linkStateId & lsa.mask, lsa.mask)}, ${count(lsa.attachedRouters.length, 'router')}`;
    case 'summary':
      return `${network(header.linkStateId, lsa.mask)} at cost ${lsa.metric}`;
    case 'asbr-summary':
      return `AS boundary router ${formatIpv4(header.linkStateId)} at cost ${lsa.metric}`;
    case 'external':
    case 'nssa': {
      const [route] = lsa.routes;
      if (route === undefined) return network(header.linkStateId, lsa.mask);
      const { metricType, metric, tag } = route;
      const tagged = tag === 0 ? '' : `, tag ${tag}`;
      return `${network(header.linkStateId, lsa.mask)}, type ${metricType} metric ${metric}${tagged}`;
    }
    case 'opaque': {
      const tlvs = splitTlvs(lsa.data);
      const content = Array.isArray(tlvs) ? count(tlvs.length, 'TLV') : count(lsa.data.length, 'byte');
      return `${opaqueTypeName(lsa.opaqueType)}, ${content}`;
    }
    case 'raw':
      return `${count(lsa.body.length, 'byte')}, no decoder for this type`;
  }
}

function network(address: number, mask: number): string {
  const text = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
  return `${text}/${prefixLength(mask) ?? `mask ${mask}`}`;
}

/** `2 point-to-point, 1 stub`. */
function linksByType(types: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, number]) => `${number} ${type}`).join(', ');
}
