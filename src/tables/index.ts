/**
 * What there is one list of, and who needs it reads it: plain data for the core, the wire, the API, srrctl and the pages.
 * CONTRIBUTING.md says what a new row costs elsewhere.
 *
 * It imports nothing, so that a browser can have it too, and must not know what is done with a row.
 */

export { API_PREFIX } from './api-prefix.js';
export * from './commands.js';
export * from './definition-keys.js';
export * from './error-codes.js';
export * from './failures.js';
export * from './primitives.js';
export * from './roles.js';
export { SEVERITIES } from './severities.js';
