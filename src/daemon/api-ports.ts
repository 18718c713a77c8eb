import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { ServiceStatus } from '../cluster/index.js';
import type { Configuration, ParsedFiles } from '../config/index.js';
import type { EventLog } from '../events/index.js';
import { type ApiPorts, type PkiPort, StreamHub } from '../http/index.js';
import { createControl } from './control.js';
import { DefinitionEditor } from './definition-editor.js';
import { createDoctor } from './doctor.js';
import { LoopDelay } from './loop-delay.js';
import type { Modules } from './modules.js';
import { routersPort } from './routers-port.js';
import type { Shutdown } from './shutdown.js';

/** The built pages, as far from here as from the source of this file. */
export const PAGES = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface ApiBackend {
  readonly ports: ApiPorts;
  /** Something happened to the core. */
  changed(): void;
  close(): void;
}

export interface ApiOptions {
  readonly configuration: Configuration;
  readonly configFile: string;
  readonly softwareVersion: string;
  readonly log: Logger;
  readonly shutdown: Shutdown;
  readonly events: EventLog;
  readonly pki: PkiPort;
  readonly parsed: ParsedFiles;
  /** Reads the definitions again, because this operator has changed them. */
  readonly reread: (operator: string) => void;
}

/** What the API asks for, answered by the modules. */
export function apiPorts(modules: Modules, options: ApiOptions): ApiBackend {
  const { engine, transport, requests, lookingGlass, routerConsole } = modules;
  const { configFile, configuration, softwareVersion, log, shutdown, events, pki, parsed, reread } = options;
  const ending = () => (shutdown.begun ? modules.notStopped() : null);
  const loopDelay = new LoopDelay();
  const ownLsaId = (service: string) => transport.lsaId({ kind: 'service', service });
  const complete = (service: ServiceStatus) => withOwnLsaIds(service, engine.statusHead().node.routerId, ownLsaId);
  const stream = new StreamHub(
    {
      head: () => ({ ...engine.statusHead(), ending: ending() }),
      serviceNames: () => engine.serviceNames(),
      service: (name) => {
        const service = engine.serviceStatus(name);
        return service === undefined ? undefined : complete(service);
      },
    },
    (error) => log.error({ err: error }, 'the status cannot be told to those who watch'),
  );
  const control = createControl({
    status: () => engine.status(),
    simulate: (question) => engine.simulate(question),
    processStatus: () => ({
      version: softwareVersion,
      pid: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      eventLoopDelayMs: loopDelay.worstMs(),
      floodsLimited: transport.floodsLimited,
      ending: ending(),
    }),
    complete,
    requests,
  });
  const session = { version: softwareVersion, node: () => engine.statusHead().node };
  const node = {
    shutDown: (by: string) => beginShutdown(shutdown, by),
    doctor: createDoctor(configFile, configuration.socket),
  };
  const { stateDir, servicesDir, node: self } = configuration;
  const definitions = new DefinitionEditor({
    stateDir,
    servicesDir,
    nodeName: self.name,
    parsed,
    replica: (name) => engine.state.replicas.get(name),
    conflicts: (definition) => engine.definitionConflicts(definition),
    reread,
  });
  events.listen((event) => stream.publish('event', event));
  return {
    ports: {
      control,
      configurations: engine,
      stream,
      session,
      node,
      pki,
      events,
      definitions,
      lsdb: lookingGlass,
      routers: routersPort(routerConsole, log),
    },
    changed: () => stream.changed(),
    close: () => {
      stream.close();
      loopDelay.stop();
    },
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
  self: string | null,
  ownLsaId: (service: string) => string | undefined,
): ServiceStatus {
  const replicas = service.replicas.map((replica) =>
    replica.routerId === self ? { ...replica, lsaId: ownLsaId(service.name) ?? null } : replica,
  );
  return { ...service, replicas };
}
