/**
 * The daemon's interface to people and programs: HTTP with JSON, on a UNIX socket that only its owner may open, and on
 * the network for those who hold a certificate.
 *
 * It says who asks and what they may do, checks what comes in, and translates between HTTP and a narrow port for each
 * area. On the network it runs in a thread of its own (thread/). It must not know the core's state, the transport, or how a command is carried out.
 */

export { API_PREFIX, type Role } from '../tables/index.js';
export type { Api } from './api.js';
export type * from './control.js';
export { type Identity, LOCAL, LOOPBACK } from './identity.js';
export { type PreparedWeb, prepareWeb, type WebServer, type WebTls } from './prepared-web.js';
export type { AvailabilityDocument } from './routes/availability.js';
export type * from './routes/definitions.js';
export type { EventsPort } from './routes/events.js';
export type { MetricsPort } from './routes/metrics.js';
export type { PkiDocument, PkiPort } from './routes/pki.js';
export type { CommandsAnswer, CompletionQuestion, RoutersPort, RoutersReply } from './routes/routers.js';
export type { SessionDocument, SessionPort } from './routes/session.js';
export { type ApiPorts, buildServer, type ServerOptions } from './server.js';
export type * from './status-document.js';
export type { LivePort } from './stream/hub.js';
export type { StatusHead, StatusSource, StatusUpdate } from './stream/status-change.js';
export { StatusWatch } from './stream/status-watch.js';
export { runInThread } from './thread/run-in-thread.js';
export { readTlsFiles, type TlsFiles } from './tls/files.js';
export { chainOf } from './tls/peer.js';
export { listenOnSocket } from './unix-socket.js';
export { runWeb } from './web-server.js';
