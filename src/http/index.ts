/**
 * The daemon's interface to people and programs: HTTP with JSON, on a UNIX socket that only its owner may open.
 *
 * It checks what comes in and translates between HTTP and `Control`. It must not know the core's state, the transport,
 * or how a command is carried out.
 */

export { buildApi } from './api.js';
export { API_PREFIX } from './api-prefix.js';
export type * from './control.js';
export type * from './status-document.js';
export { listenOnSocket } from './unix-socket.js';
