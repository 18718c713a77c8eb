/**
 * A client for the OSPF API of FRRouting's ospfd (`ospfd -a`): originates opaque LSAs, mirrors the LSDB, tells of
 * neighbours, interfaces and reachable routers. Usable by itself. It must not know what the opaque data means: nothing
 * of services, nodes or clusters. docs/ospf-api.md describes the protocol.
 */
export { OspfApiClient, type OspfApiClientApi } from './client.js';
export type { IsmState, NsmState, OspfApiEvent } from './events.js';
export { ANY_ADDRESS, formatIpv4, type Ipv4, ipv4, parseIpv4 } from './ipv4.js';
export { decodeLsa, splitOpaqueId } from './lsa/decode.js';
export { encodeLsaBody } from './lsa/encode.js';
export { decodeLsaHeader, encodeLsaHeader } from './lsa/header.js';
export type { ExternalRoute, Lsa, RouterLink, RouterLinkType, TosMetric } from './lsa/lsa.js';
export { type LsaTlv, splitTlvs, tlvLength } from './lsa/tlv.js';
export { LSA_HEADER_LENGTH, type LsaHeader, type LsaInstance, MAX_AGE, type OpaqueLsaType } from './lsa-header.js';
export { type LsaFilter, type LsaIdentity, type LsdbMirror, lsaIdentity } from './lsdb.js';
export { MAX_OPAQUE_BODY, type OpaqueLsa } from './opaque-request.js';
export type { OpaqueRegistration, OspfApiOptions } from './options.js';
export { hasOspfInstance } from './ospf-instance.js';
export type { OspfApiReply, OspfApiReplyCode } from './reply.js';
export type { Neighbour } from './surroundings.js';
export type { Malformed } from './wire/malformed.js';
