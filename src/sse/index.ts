/**
 * Server-sent events as the API streams them, cut out of the text that arrives: for srrctl and for the pages in the
 * browser. It must not know where the text comes from, or what the events say, and imports nothing.
 */
export { EventParser } from './event-parser.js';
