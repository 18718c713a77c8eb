/**
 * A client for the OSPF API of FRRouting's ospfd (`ospfd -a`): originates opaque LSAs, mirrors the LSDB, tells of
 * neighbours, interfaces and reachable routers. Usable by itself. It must not know what the opaque data means: nothing
 * of services, nodes or clusters. docs/ospf-api.md describes the protocol.
 */
export * from './client.js';
export * from './events.js';
export * from './ipv4.js';
export * from './lsa-header.js';
export * from './lsdb.js';
export * from './reply.js';
