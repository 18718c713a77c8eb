/**
 * The daemon's interface to people and programs: HTTP with JSON, on a UNIX socket that only its owner may open, and on
 * the network for those who hold a certificate.
 *
 * It says who asks and what they may do, checks what comes in, and translates between HTTP and a narrow port for each
 * area. It must not know the core's state, the transport, or how a command is carried out.
 */

export type { Api } from './api.js';
export { API_PREFIX } from './api-prefix.js';
export type * from './control.js';
export { type Identity, LOCAL, LOOPBACK } from './identity.js';
export type * from './routes/definitions.js';
export type { EventsPort } from './routes/events.js';
export type { PkiDocument, PkiPort } from './routes/pki.js';
export type { CompletionQuestion, RoutersPort, RoutersReply } from './routes/routers.js';
export type { SessionPort } from './routes/session.js';
export { type ApiPorts, buildServer, type ServerOptions } from './server.js';
export type * from './status-document.js';
export { StreamHub } from './stream/hub.js';
export type { StatusHead, StatusSource } from './stream/status-feed.js';
export { readTlsFiles, type TlsFiles } from './tls/files.js';
export { listenOnSocket } from './unix-socket.js';
export { type PreparedWeb, prepareWeb, type WebServer, type WebTls } from './web-server.js';
