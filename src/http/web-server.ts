import type { SecureContextOptions, Server } from 'node:tls';
import type { AccessRule, SocketAddress } from '../config/index.js';
import { readAuthorities } from '../pki/index.js';
import { Admission } from './admission.js';
import type { Api } from './api.js';
import type { AuditLog } from './audit.js';
import { LOOPBACK } from './identity.js';
import { type ApiPorts, buildMetricsServer, buildServer } from './server.js';
import { Holders } from './tls/holders.js';
import { type Revoked, Trust } from './tls/trust.js';

/** All that a server on the network needs to know: plain data, so that it can run in a thread of its own. */
export interface WebSettings {
  /** null: neither pages nor API, metrics alone. */
  readonly listen: SocketAddress | null;
  /** Where metrics are read without TLS; null: nowhere. */
  readonly metrics: SocketAddress | null;
  /** The folder with the built pages. */
  readonly pages: string;
  /** null: plain HTTP, for this machine. */
  readonly tls: TlsMaterial | null;
}

/** What decides who gets in. */
export interface TlsMaterial {
  readonly context: SecureContextOptions;
  /** Certificates of CAs, PEM. */
  readonly authorities: string;
  readonly lists: readonly Revoked[];
  readonly rules: readonly AccessRule[];
}

/** The server on the network, listening. */
export interface RunningWeb {
  /** null: it does not listen there. */
  readonly port: number | null;
  readonly metricsPort: number | null;
  /** From now on this decides. No good connection is dropped; one that is no longer allowed ends. */
  use(tls: TlsMaterial): void;
  /** Ends all connections, open streams too. */
  close(): Promise<void>;
}

/** Throws a sentence if it cannot listen. */
export type RunWeb = (settings: WebSettings, ports: ApiPorts, log: AuditLog) => Promise<RunningWeb>;

/** A request's head must have arrived after this time, its body too after the next, in ms. */
const HEAD_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;

/** A connection on which nothing is asked is closed after this time, in ms. */
const IDLE_MS = 30_000;

const HANDSHAKE_WITHIN_MS = 5_000;

/** A connection on which nothing moves: an answer that is not read, say. Streams have their heartbeat. */
const STALLED_MS = 60_000;

/** Runs the server in this thread. */
export const runWeb: RunWeb = async (settings, ports, log) => {
  const { listen, metrics } = settings;
  const web = listen === null ? null : await runPages({ ...settings, listen }, ports, log);
  try {
    const scraped = metrics === null ? null : await runMetrics(metrics, ports, log);
    return {
      port: web?.port ?? null,
      metricsPort: scraped?.port ?? null,
      use: (next) => web?.use(next),
      close: async () => {
        await Promise.all([web?.close(), scraped?.close()]);
      },
    };
  } catch (error) {
    await web?.close();
    throw error;
  }
};

interface PagesSettings extends WebSettings {
  readonly listen: SocketAddress;
}

interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

interface Pages extends Listening {
  use(tls: TlsMaterial): void;
}

function runPages(settings: PagesSettings, ports: ApiPorts, log: AuditLog): Promise<Pages> {
  return settings.tls === null ? runPlain(settings, ports, log) : runSecurely(settings, settings.tls, ports, log);
}

async function runPlain({ listen, pages }: PagesSettings, ports: ApiPorts, log: AuditLog): Promise<Pages> {
  const api = buildServer(ports, { identify: () => LOOPBACK, tls: null, pages, log, kind: 'loopback' });
  return { ...(await begin(api, { key: 'web.listen', at: listen, secure: false }, log)), use: () => {} };
}

function runMetrics(at: SocketAddress, ports: ApiPorts, log: AuditLog): Promise<Listening> {
  const isLoopback = at.host.startsWith('127.');
  return begin(buildMetricsServer(ports, log, isLoopback), { key: 'metrics.listen', at, secure: false }, log);
}

async function runSecurely(
  settings: PagesSettings,
  first: TlsMaterial,
  ports: ApiPorts,
  log: AuditLog,
): Promise<Pages> {
  let trust = trustOf(first);
  let context = first.context;
  const api: Api = buildServer(ports, {
    identify: ({ raw }) => holders.identityOf(raw.socket) ?? trust.identify([], 0),
    tls: { ...context, requestCert: true, rejectUnauthorized: true, handshakeTimeout: HANDSHAKE_WITHIN_MS },
    pages: settings.pages,
    log,
    kind: 'network',
  });
  const holders = new Holders(api.server as Server, trust);
  const { port, close } = await begin(api, { key: 'web.listen', at: settings.listen, secure: true }, log);
  return {
    port,
    use: (tls) => {
      // A new list of revocations says nothing new of the handshake.
      if (JSON.stringify(tls.context) !== JSON.stringify(context)) api.server.setSecureContext(tls.context);
      context = tls.context;
      trust = trustOf(tls);
      const ended = holders.judgeBy(trust);
      if (ended > 0) log.info({ ended }, `ended ${ended} connections whose holders may no longer do what they might`);
    },
    close: () => {
      holders.close();
      return close();
    },
  };
}

function trustOf({ authorities, lists, rules }: TlsMaterial): Trust {
  return new Trust(readAuthorities(authorities), lists, rules);
}

interface Place {
  /** Of the configuration. */
  readonly key: 'web.listen' | 'metrics.listen';
  readonly at: SocketAddress;
  readonly secure: boolean;
}

async function begin(api: Api, { key, at, secure }: Place, log: AuditLog): Promise<Listening> {
  const { host, port } = at;
  const { server } = api;
  server.headersTimeout = HEAD_WITHIN_MS;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.keepAliveTimeout = IDLE_MS;
  server.timeout = STALLED_MS;
  const admission = new Admission(server, secure);
  try {
    await api.listen({ host, port });
  } catch (error) {
    await api.close();
    throw new Error(`${key}: ${whyNot(error, host, port)}`, { cause: error });
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
  if (code === 'EADDRINUSE') return `another program listens on ${where}; end it, or set another port`;
  if (code === 'EADDRNOTAVAIL') return `this node has no address ${host}; set one it has, or 0.0.0.0`;
  if (code === 'EACCES') return `srrd may not listen on port ${port}; set one above 1023`;
  return `cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`;
}
