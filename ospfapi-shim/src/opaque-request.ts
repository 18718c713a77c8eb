import { ANY_ADDRESS, type Ipv4 } from './ipv4.js';
import { splitOpaqueId } from './lsa/decode.js';
import { LSA_HEADER_LENGTH, type OpaqueLsaType } from './lsa-header.js';
import type { ApiRequest } from './wire/message.js';

/** An opaque LSA to originate; advertising router, sequence number and checksum are ospfd's business. */
export interface OpaqueLsa {
  readonly lsaType: OpaqueLsaType;
  readonly linkStateId: Ipv4;
  /** Type 10 only; default 0.0.0.0. */
  readonly area?: Ipv4;
  /** Type 9 only, and needed there: our address on the link. */
  readonly interfaceAddress?: Ipv4;
  /** At most `MAX_OPAQUE_BODY` bytes, a multiple of 4. */
  readonly body: Uint8Array;
}

/**
 * ospfd cannot put an LSA of more than 1,488 bytes into a notification (limit 1,500 bytes with 12 of its own): it then
 * loses what was queued before it, at every API client in the network. So such an LSA is never sent.
 */
export const MAX_OPAQUE_BODY = 1488 - LSA_HEADER_LENGTH;

/** The request, or what is wrong with the LSA. */
export function toOriginateRequest(lsa: OpaqueLsa): ApiRequest | string {
  const problem = findProblem(lsa) ?? findBodyProblem(lsa.body);
  if (problem !== undefined) return problem;
  return {
    kind: 'originate',
    interfaceAddress: lsa.interfaceAddress ?? ANY_ADDRESS,
    area: lsa.area ?? ANY_ADDRESS,
    header: {
      age: 0,
      options: 0,
      type: lsa.lsaType,
      linkStateId: lsa.linkStateId,
      advertisingRouter: ANY_ADDRESS,
      sequenceNumber: 0,
      checksum: 0,
      length: LSA_HEADER_LENGTH + lsa.body.length,
    },
    body: lsa.body,
  };
}

/** The request, or what is wrong with it. */
export function toDeleteRequest(lsa: Omit<OpaqueLsa, 'body'>): ApiRequest | string {
  const problem = findProblem(lsa);
  if (problem !== undefined) return problem;
  const { opaqueType, opaqueId } = splitOpaqueId(lsa.linkStateId);
  return { kind: 'delete', address: scopeAddress(lsa), lsaType: lsa.lsaType, opaqueType, flags: 0, opaqueId };
}

function findProblem(lsa: Omit<OpaqueLsa, 'body'>): string | undefined {
  if (lsa.lsaType !== 9 && lsa.lsaType !== 10 && lsa.lsaType !== 11) {
    return `expected LSA type 9, 10 or 11, got ${lsa.lsaType as number}`;
  }
  if (lsa.lsaType === 9 && lsa.interfaceAddress === undefined) {
    return 'an LSA of type 9 needs the address of the interface on its link';
  }
  return undefined;
}

function findBodyProblem(body: Uint8Array): string | undefined {
  if (body.length > MAX_OPAQUE_BODY) return `the body may have ${MAX_OPAQUE_BODY} bytes, got ${body.length}`;
  // Other routers drop it, and with it every LSA in the same packet; ospfd never gets rid of it (RFC 5250 section 3).
  if (body.length % 4 !== 0) return `the body must be padded to a multiple of 4 bytes, got ${body.length}`;
  return undefined;
}

function scopeAddress(lsa: Omit<OpaqueLsa, 'body'>): Ipv4 {
  switch (lsa.lsaType) {
    case 9:
      return lsa.interfaceAddress ?? ANY_ADDRESS;
    case 10:
      return lsa.area ?? ANY_ADDRESS;
    case 11:
      return ANY_ADDRESS;
  }
}
