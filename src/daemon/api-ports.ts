import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Alerts } from '../alerts/index.js';
import type { ServiceStatus } from '../cluster/index.js';
import type { Configuration, ParsedFiles } from '../config/index.js';
import { DefinitionEditor, type DefinitionReader } from '../definitions/index.js';
import type { EventLog } from '../events/index.js';
import type { ForeignFiles } from '../files/index.js';
import { type ApiPorts, type PkiPort, StatusWatch } from '../http/index.js';
import type { Meters } from '../metrics/index.js';
import { formatRouterId, type RouterId } from '../model/index.js';
import { commandRow } from '../tables/index.js';
import { type Trust, trustProblems } from '../trust/index.js';
import { createControl } from './control.js';
import { createDoctor, RememberedDoctor } from './doctor.js';
import { readGauges } from './gauges.js';
import type { Modules } from './modules.js';
import { routersPort } from './routers-port.js';
import type { Shutdown } from './shutdown.js';
import { WebServers } from './web-servers.js';

/** The built pages, as far from here as from the source of this file. */
export const PAGES = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface ApiBackend {
  readonly ports: ApiPorts;
  readonly webServers: WebServers;
  /** Something happened to the core. */
  changed(): void;
}

export interface ApiOptions {
  readonly configuration: Configuration;
  readonly configFile: string;
  readonly softwareVersion: string;
  readonly log: Logger;
  readonly shutdown: Shutdown;
  readonly events: EventLog;
  readonly meters: Meters;
  /** null: nobody is told. */
  readonly alerts: Alerts | null;
  readonly pki: PkiPort;
  readonly parsed: ParsedFiles;
  readonly files: ForeignFiles;
  readonly definitions: DefinitionReader;
  readonly trust: Trust;
  /** A sentence, if what an operator wants could not be remembered; null: it can. */
  readonly noRoom: () => string | null;
  /** What is wrong with the configuration file, or waits for a restart. */
  readonly configurationProblems: () => readonly string[];
}

/** What the API asks for, answered by the modules. */
export function apiPorts(modules: Modules, options: ApiOptions): ApiBackend {
  const { engine, transport, requests, lookingGlass, routerConsole } = modules;
  const {
    configFile,
    configuration,
    softwareVersion,
    log,
    shutdown,
    events,
    meters,
    alerts,
    pki,
    parsed,
    files,
    definitions: reader,
  } = options;
  const shown = () => ({
    duplicateRouterIds: transport.duplicateRouters.map(({ router }) => formatRouterId(router)),
    ending: shutdown.begun ? modules.notStopped() : null,
    problems: [
      ...options.configurationProblems(),
      ...reader.problems,
      ...[modules.records.problem].filter((problem) => problem !== null),
      ...(alerts?.problems() ?? []),
      ...trustProblems(options.trust.status, Date.now() / 1000),
    ],
  });
  const ownLsaId = (service: string) => transport.lsaId({ kind: 'service', service });
  const service = (name: string) => {
    const status = engine.serviceStatus(name);
    return status === undefined ? undefined : withOwnLsaIds(status, engine.state.self, ownLsaId);
  };
  const webServers = new WebServers({
    nodes: () => engine.statusHead().nodes,
    self: () => engine.statusHead().node.routerId,
    changed: () => watch.changed(),
  });
  const head = () => {
    const { nodes, ...rest } = engine.statusHead();
    return { ...rest, nodes: nodes.map((node) => ({ ...node, webDoubt: webServers.doubt(node) })), ...shown() };
  };
  const watch = new StatusWatch(
    {
      head,
      serviceNames: () => engine.serviceNames(),
      service,
    },
    { onError: (error) => log.error({ err: error }, 'the status cannot be told to those who watch') },
  );
  const processStatus = () => ({
    version: softwareVersion,
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    eventLoopDelayMs: modules.loopDelay.worstMs(),
    floodsLimited: transport.floodsLimited,
    lsdbComparisons: transport.lsdbComparisons,
    trust: options.trust.status,
    ...shown(),
  });
  const control = createControl({
    document: () => watch.document(processStatus),
    head: () => engine.statusHead(),
    service,
    simulate: (whatIf) => engine.simulate(whatIf),
    ask: async (request) => {
      // What was said before it, such as `enable`, holds before it is carried out.
      await reader.settled;
      const noRoom = commandRow(request.order).forgettable ? null : options.noRoom();
      return noRoom === null ? requests.ask(request) : { outcome: 'unavailable', text: noRoom };
    },
  });
  const session = { version: softwareVersion, node: () => engine.statusHead().node };
  const doctor = new RememberedDoctor(createDoctor(configFile, configuration.socket));
  const node = { shutDown: (by: string) => beginShutdown(shutdown, by), doctor: () => doctor.ask() };
  const metrics = { readings: () => meters.readings(readGauges(modules, doctor, alerts)) };
  const { stateDir, servicesDir, node: self } = configuration;
  const definitions = new DefinitionEditor({
    stateDir,
    servicesDir,
    nodeName: self.name,
    parsed,
    files,
    replica: (name) => engine.state.replicas.get(name),
    conflicts: (definition) => engine.definitionConflicts(definition),
    rereads: () => reader.rereads,
    reread: (operator) => reader.reread(operator),
    forget: (name) => reader.forget(name),
  });
  return {
    ports: {
      control,
      configurations: engine,
      live: { watchStatus: (tell) => watch.watch(tell), watchEvents: (tell) => events.listen(tell) },
      session,
      node,
      pki,
      metrics,
      events,
      definitions,
      lsdb: lookingGlass,
      routers: routersPort(routerConsole, log),
    },
    webServers,
    changed: () => watch.changed(),
  };
}

/** A signal given twice ends at once; a page asked twice does not. */
function beginShutdown(shutdown: Shutdown, by: string): boolean {
  if (shutdown.begun) return false;
  shutdown.request(`shutdown by ${by}`);
  return true;
}

/** The transport knows which LSA (dotted quad) carries an announcement of ours; the core does not. */
function withOwnLsaIds(
  service: ServiceStatus,
  self: RouterId | null,
  ownLsaId: (service: string) => string | undefined,
): ServiceStatus {
  if (self === null) return service;
  const own = formatRouterId(self);
  const replicas = service.replicas.map((replica) =>
    replica.routerId === own ? { ...replica, lsaId: ownLsaId(service.name) ?? null } : replica,
  );
  return { ...service, replicas };
}
