/**
 * How announcements travel: the transport interface, the OSPF transport (opaque LSAs, generations, and
 * reachability from SPF).
 *
 * It must not know what an announcement means: who owns what, when to announce, and what to do about a withdrawal are
 * the core's. Nor does it know how bytes travel to ospfd; that is ospfapi-shim's. docs/flooding.md describes it.
 */
export { type Clock, type RunningTimer, systemClock } from './clock.js';
export type { FloodsLimited } from './flood-limit.js';
export { GenerationFile } from './generation-file.js';
export type { GenerationStore, SeriesRecord } from './generation-store.js';
export type { InboxCounters } from './inbox.js';
export type { LsdbComparisons } from './lsdb-comparisons.js';
export type { NoticeListener, TransportNotice } from './notice.js';
export type { OspfPort } from './ospf-port.js';
export { OspfTransport } from './ospf-transport.js';
export type { OspfTransportOptions } from './ospf-transport-options.js';
export { subjectKey, subjectOf } from './subject.js';
export type { FloodingScope, Transport } from './transport.js';
