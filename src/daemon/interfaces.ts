import { buildServer, LOCAL, listenOnSocket, prepareWeb, runInThread, type WebServer } from '../http/index.js';
import { apiPorts, PAGES } from './api-ports.js';
import { Certificates } from './certificates.js';
import type { StartOptions } from './start-options.js';
import type { Wiring } from './wiring.js';

export type PreparedWeb = ReturnType<typeof prepareWebServer>;

/** What people and programs reach the daemon by. */
export interface Interfaces {
  readonly web: WebServer | undefined;
  /** Nobody is listened to. */
  listen(): Promise<void>;
  /** The certificates of the web server are looked after, and other nodes' servers asked. */
  begin(): void;
  close(): Promise<void>;
}

/** Reads the files of `web.tls`. Throws what is wrong with them. null: there is no web server. */
export function prepareWebServer({ configuration, configFile, log }: StartOptions) {
  const { web, metrics } = configuration;
  if (web === null && metrics === null) return null;
  return prepareWeb({ configFile, web, metrics: metrics?.listen ?? null, pages: PAGES, log, run: runInThread() });
}

export function createInterfaces(options: StartOptions, wiring: Wiring, prepared: PreparedWeb): Interfaces {
  const { configuration, log } = options;
  const { modules, files, state, trust } = wiring;
  const { engine, loop } = modules;
  const certificates = new Certificates({
    ...{ stateDir: configuration.stateDir, files, engine, log },
    emit: (event) => loop.push(event),
  });
  const told = { noRoom: () => state.noRoom(), configurationProblems: () => wiring.file.problems };
  const backend = apiPorts(modules, { ...options, ...wiring, trust: trust.trust, pki: certificates, ...told });
  wiring.changed.add(backend.changed);
  const api = buildServer(backend.ports, { identify: () => LOCAL, kind: 'socket', tls: null, pages: null, log });
  api.server.on('request', () => modules.loopDelay.stirred());
  let web: WebServer | undefined;
  return {
    get web() {
      return web;
    },
    listen: async () => {
      web = await prepared?.listen(backend.ports);
      // Last: who finds it there finds a daemon that has begun.
      await listenOnSocket(api, configuration.socket);
    },
    begin: () => {
      if (!web?.tls) return;
      certificates.begin(web.tls);
      backend.webServers.begin(web.tls);
    },
    close: async () => {
      certificates.close();
      backend.webServers.close();
      await web?.close();
      await api.close();
    },
  };
}
