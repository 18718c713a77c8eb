/**
 * What happened in the cluster, as this node saw it: numbered, kept over restarts, within a size limit.
 *
 * It takes what the core says has happened, and gives it back newest first. It must not know how a happening came about,
 * and nothing may wait for it: events that cannot be written are still told, and counted.
 */
export { type ClusterEvent, clusterEventSchema, EVENT_KINDS, parseEvent } from './cluster-event.js';
export { EventLog, type EventLogOptions, type EventQuery } from './event-log.js';
export { type EventFilter, matcher } from './filter.js';
