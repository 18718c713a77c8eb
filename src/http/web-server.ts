import type { WebConfiguration } from '../config/index.js';
import type { Api } from './api.js';
import { LOOPBACK } from './identity.js';
import { type ApiPorts, buildServer } from './server.js';

/** The server on the network, listening. */
export interface WebServer {
  /** Ends all connections, open streams too. */
  close(): Promise<void>;
}

/** Connections at the same time; a browser holds one for its stream and a few for the rest. */
const MAX_CONNECTIONS = 1000;

/** A request's head must have arrived after this time, its body too after the next, in ms. */
const HEAD_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;

/** A connection on which nothing is asked is closed after this time, in ms. */
const IDLE_MS = 30_000;

/** Listens as `web` says. Throws a sentence if it cannot. */
export async function listenOnWeb(ports: ApiPorts, web: WebConfiguration, pages: string): Promise<WebServer> {
  const api = buildServer(ports, { identify: () => LOOPBACK, tls: null, pages });
  limitConnections(api);
  const { host, port } = web.listen;
  try {
    await api.listen({ host, port });
  } catch (error) {
    await api.close();
    throw new Error(whyNot(error, host, port), { cause: error });
  }
  return { close: () => api.close() };
}

function limitConnections({ server }: Api): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.headersTimeout = HEAD_WITHIN_MS;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.keepAliveTimeout = IDLE_MS;
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const where = `${host}:${port}`;
  if (code === 'EADDRINUSE') return `web.listen: another program listens on ${where}; end it, or set another port`;
  if (code === 'EADDRNOTAVAIL') return `web.listen: this node has no address ${host}; set one it has, or 0.0.0.0`;
  if (code === 'EACCES') return `web.listen: srrd may not listen on port ${port}; set one above 1023`;
  return `web.listen: cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`;
}
