import type { Server } from 'node:tls';
import type { WebConfiguration } from '../config/index.js';
import type { RevocationList } from '../pki/index.js';
import { Admission } from './admission.js';
import type { Api } from './api.js';
import type { AuditLog } from './audit.js';
import { LOOPBACK } from './identity.js';
import { type ApiPorts, buildServer } from './server.js';
import { readTlsFiles, type TlsFiles } from './tls/files.js';
import { Holders } from './tls/holders.js';
import { Trust } from './tls/trust.js';

/** The server on the network, listening. */
export interface WebServer {
  readonly port: number;
  /** null: there is no TLS. */
  readonly tls: WebTls | null;
  /** Ends all connections, open streams too. */
  close(): Promise<void>;
}

/** What can change while the server runs. No good connection is dropped; one that is no longer allowed ends. */
export interface WebTls {
  /** The files as they were read last. */
  readonly files: TlsFiles;
  /** Reads the files again, and takes the rules. Throws a ConfigurationError, and then all stays as it was. */
  reload(configFile: string, web: WebConfiguration): void;
  /**
   * Lists of revocations that came from elsewhere, beside those of `web.tls.crl`; replaces what was set before.
   */
  setRevocations(lists: readonly RevocationList[]): void;
}

export interface WebServerOptions {
  readonly configFile: string;
  readonly web: WebConfiguration;
  /** The folder with the built pages. */
  readonly pages: string;
  readonly log: AuditLog;
}

/** A request's head must have arrived after this time, its body too after the next, in ms. */
const HEAD_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;

/** A connection on which nothing is asked is closed after this time, in ms. */
const IDLE_MS = 30_000;

const HANDSHAKE_WITHIN_MS = 5_000;

/** A connection on which nothing moves: an answer that is not read, say. Streams have their heartbeat. */
const STALLED_MS = 60_000;

/** A server as `web` says, not listening yet. Throws a ConfigurationError if the files of `web.tls` are wrong. */
export function prepareWeb(options: WebServerOptions): PreparedWeb {
  const { configFile, web } = options;
  const files = web.tls === null ? null : readTlsFiles(configFile, web.tls, Date.now());
  return { listen: (ports) => (files === null ? listenPlain(options, ports) : listenSecurely(options, ports, files)) };
}

export interface PreparedWeb {
  /** Throws a sentence if it cannot. */
  listen(ports: ApiPorts): Promise<WebServer>;
}

async function listenPlain({ web, pages, log }: WebServerOptions, ports: ApiPorts): Promise<WebServer> {
  const api = buildServer(ports, { identify: () => LOOPBACK, tls: null, pages, log, kind: 'loopback' });
  return { ...(await listen(api, web, log)), tls: null };
}

async function listenSecurely(options: WebServerOptions, ports: ApiPorts, files: TlsFiles): Promise<WebServer> {
  const { web, pages, log } = options;
  const tls = {
    ...files.context,
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: HANDSHAKE_WITHIN_MS,
  };
  const api: Api = buildServer(ports, {
    identify: ({ raw }) => holders.identityOf(raw.socket) ?? trust().identify([], 0),
    tls,
    pages,
    log,
    kind: 'network',
  });
  let current = { files, rules: web.access };
  let fetched: readonly RevocationList[] = [];
  const trust = () => new Trust(current.files.cas, [...current.files.lists, ...fetched], current.rules);
  const holders = new Holders(api.server as Server, trust());
  warn(files, web, log);
  const judge = () => {
    const ended = holders.judgeBy(trust());
    if (ended > 0) log.info({ ended }, `ended ${ended} connections whose holders may no longer do what they might`);
  };
  const { port, close } = await listen(api, web, log);
  return {
    port,
    tls: {
      get files() {
        return current.files;
      },
      reload: (configFile, changed) => {
        if (changed.tls === null) return;
        current = { files: readTlsFiles(configFile, changed.tls, Date.now()), rules: changed.access };
        api.server.setSecureContext(current.files.context);
        warn(current.files, changed, log);
        judge();
      },
      setRevocations: (lists) => {
        fetched = lists;
        judge();
      },
    },
    close: () => {
      holders.close();
      return close();
    },
  };
}

function warn({ warnings }: TlsFiles, { access, advertise, listen }: WebConfiguration, log: AuditLog): void {
  if (advertise === null && listen.host === '0.0.0.0')
    log.warn({}, "web.advertise is missing: the other nodes' pages do not know where this one is");
  for (const warning of warnings) log.warn({}, warning);
  if (access.length === 0) log.warn({}, 'web.access has no rules: no certificate opens anything');
}

async function listen(
  api: Api,
  { listen: { host, port } }: WebConfiguration,
  log: AuditLog,
): Promise<Pick<WebServer, 'port' | 'close'>> {
  const { server } = api;
  server.headersTimeout = HEAD_WITHIN_MS;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.keepAliveTimeout = IDLE_MS;
  server.timeout = STALLED_MS;
  const admission = new Admission(server);
  try {
    await api.listen({ host, port });
  } catch (error) {
    await api.close();
    throw new Error(whyNot(error, host, port), { cause: error });
  }
  // Of a connection that could not be accepted (no file descriptors, say). It must not end the daemon.
  server.on('error', (error) => log.warn({}, `web: ${error.message}`));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      // Together: the server waits for connections that only the other knows.
      const closed = api.close();
      admission.close();
      await closed;
    },
  };
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const where = `${host}:${port}`;
  if (code === 'EADDRINUSE') return `web.listen: another program listens on ${where}; end it, or set another port`;
  if (code === 'EADDRNOTAVAIL') return `web.listen: this node has no address ${host}; set one it has, or 0.0.0.0`;
  if (code === 'EACCES') return `web.listen: srrd may not listen on port ${port}; set one above 1023`;
  return `web.listen: cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`;
}
