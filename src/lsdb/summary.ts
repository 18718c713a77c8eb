import { formatIpv4, type LsaInstance, lsaIdentity, MAX_AGE, splitOpaqueId } from 'ospfapi-shim';
import type { LsaSummary } from './documents.js';
import { lsaId } from './identity.js';
import { hexNumber, lsaTypeName } from './words.js';

/** `nowMs` is of the clock that `receivedAt` is of; `older`: seconds to be added to the age (ages.ts). */
export function summaryOf(lsa: LsaInstance, words: string, nowMs: number, older: number): LsaSummary {
  const { header, area, interfaceAddress, own } = lsa;
  const isOpaque = header.type >= 9 && header.type <= 11;
  return {
    id: lsaId(lsaIdentity(lsa)),
    type: header.type,
    typeName: lsaTypeName(header.type),
    opaqueType: isOpaque ? splitOpaqueId(header.linkStateId).opaqueType : null,
    linkStateId: formatIpv4(header.linkStateId),
    advertisingRouter: formatIpv4(header.advertisingRouter),
    area: area === null ? null : formatIpv4(area),
    link: interfaceAddress === null ? null : formatIpv4(interfaceAddress),
    own,
    age: Math.min(MAX_AGE, ageAt(lsa, nowMs) + older),
    sequence: hexNumber(header.sequenceNumber, 8),
    checksum: hexNumber(header.checksum, 4),
    length: header.length,
    words,
  };
}

/** RFC 2328 section 14: an LSA ages while it is held. */
export function ageAt({ header, receivedAt }: LsaInstance, nowMs: number): number {
  return Math.min(MAX_AGE, header.age + Math.max(0, Math.floor((nowMs - receivedAt) / 1000)));
}
