import type { X509Certificate } from 'node:crypto';
import type { SocketAddress, WebConfiguration } from '../config/index.js';
import type { RevocationList } from '../pki/index.js';
import type { AuditLog } from './audit.js';
import type { ApiPorts } from './server.js';
import { readTlsFiles, type TlsFiles } from './tls/files.js';
import { Trust } from './tls/trust.js';
import type { RunningWeb, RunWeb, TlsMaterial } from './web-server.js';

export interface WebServer {
  /** null: there are no pages. */
  readonly port: number | null;
  /** null: metrics have no listener of their own. */
  readonly metricsPort: number | null;
  /** null: there is no TLS. */
  readonly tls: WebTls | null;
  /** Ends all connections, open streams too. */
  close(): Promise<void>;
}

/** What can change while the server runs. No good connection is dropped; one that is no longer allowed ends. */
export interface WebTls {
  /** The files as they were read last. */
  readonly files: TlsFiles;
  /** `web.nodes` as it was read last. */
  readonly nodes: WebConfiguration['nodes'];
  /** A sentence on why the first certificate of a chain does not count: it was revoked, say; null: it does. */
  whyNotTrusted(chain: readonly X509Certificate[]): string | null;
  /** Takes the rules, and the files as they were read now. */
  reload(web: WebConfiguration, files: TlsFiles): void;
  /**
   * Lists of revocations that came from elsewhere, beside those of `web.tls.crl`; replaces what was set before.
   */
  setRevocations(lists: readonly RevocationList[]): void;
}

export interface PreparedWebOptions {
  readonly configFile: string;
  /** null: neither pages nor API. */
  readonly web: WebConfiguration | null;
  readonly metrics: SocketAddress | null;
  /** The folder with the built pages. */
  readonly pages: string;
  readonly log: AuditLog;
  /** Here, or in a thread of its own. */
  readonly run: RunWeb;
}

export interface PreparedWeb {
  /** Throws a sentence if it cannot. */
  listen(ports: ApiPorts): Promise<WebServer>;
}

/** A server as `web` says, not listening yet. Throws a ConfigurationError if the files of `web.tls` are wrong. */
export function prepareWeb(options: PreparedWebOptions): PreparedWeb {
  const { configFile, web, metrics, run, pages, log } = options;
  const files = web === null || web.tls === null ? null : readTlsFiles(configFile, web.tls, Date.now());
  return {
    listen: async (ports) => {
      if (metrics !== null && !metrics.host.startsWith('127.')) log.warn({}, `metrics.listen: ${ANYBODY}`);
      const access = web === null || files === null ? null : new Access(files, web, log);
      const settings = { listen: web?.listen ?? null, metrics, pages, tls: access?.material ?? null };
      const running = await run(settings, ports, log);
      access?.decideOn(running);
      const { port, metricsPort } = running;
      return { port, metricsPort, tls: access, close: () => running.close() };
    },
  };
}

const ANYBODY =
  'metrics are served without TLS to whoever reaches this address, with the names of all services and nodes; /metrics of web.listen asks for a certificate';

/** Who gets in: from the files and rules as they were read last, and from lists that came from elsewhere. */
class Access implements WebTls {
  readonly #log: AuditLog;
  #files: TlsFiles;
  #web: WebConfiguration;
  #fetched: readonly RevocationList[] = [];
  #running: RunningWeb | undefined;

  constructor(files: TlsFiles, web: WebConfiguration, log: AuditLog) {
    this.#files = files;
    this.#web = web;
    this.#log = log;
    this.#warn();
  }

  get files(): TlsFiles {
    return this.#files;
  }

  get nodes(): WebConfiguration['nodes'] {
    return this.#web.nodes;
  }

  get material(): TlsMaterial {
    const { context, cas, lists } = this.#files;
    return {
      context,
      authorities: cas.map(({ certificate }) => certificate.toString()).join('\n'),
      lists: [...lists, ...this.#fetched].map(({ issuer, serials }) => ({ issuer, serials })),
      rules: this.#web.access,
    };
  }

  whyNotTrusted(chain: readonly X509Certificate[]): string | null {
    const { cas, lists } = this.#files;
    const { trusted, because } = new Trust(cas, [...lists, ...this.#fetched], []).identify(chain, Date.now());
    return trusted ? null : because;
  }

  decideOn(running: RunningWeb): void {
    this.#running = running;
  }

  reload(web: WebConfiguration, files: TlsFiles): void {
    this.#files = files;
    this.#web = web;
    this.#warn();
    this.#running?.use(this.material);
  }

  setRevocations(lists: readonly RevocationList[]): void {
    this.#fetched = lists;
    this.#running?.use(this.material);
  }

  #warn(): void {
    const { access, advertise, listen } = this.#web;
    if (advertise === null && listen.host === '0.0.0.0') {
      this.#log.warn({}, "web.advertise is missing: the other nodes' pages do not know where this one is");
    }
    for (const warning of this.#files.warnings) this.#log.warn({}, warning);
    if (access.length === 0) this.#log.warn({}, 'web.access has no rules: no certificate opens anything');
  }
}
