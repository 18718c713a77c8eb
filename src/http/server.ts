import type { ServerOptions as HttpsOptions } from 'node:https';
import Fastify from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Api } from './api.js';
import { type AuditLog, logChanges } from './audit.js';
import { requireRoles } from './authorisation.js';
import { answerNoPath, answerNoRequest } from './broken-requests.js';
import type { Control } from './control.js';
import { answerErrorsInOneSentence } from './errors.js';
import { type Identify, LOOPBACK } from './identity.js';
import { refuseOtherOrigins } from './origin.js';
import { pageFor, servePages } from './pages.js';
import { registerAvailabilityRoutes } from './routes/availability.js';
import { registerCommandRoutes } from './routes/commands.js';
import { type ConfigurationsPort, registerConfigurationRoutes } from './routes/configurations.js';
import { type DefinitionsPort, registerDefinitionRoutes } from './routes/definitions.js';
import { type EventsPort, registerEventRoutes } from './routes/events.js';
import { type LsdbPort, registerLsdbRoutes } from './routes/lsdb.js';
import { type MetricsPort, type MetricsSources, registerMetricsRoutes } from './routes/metrics.js';
import { type NodePort, registerNodeRoutes } from './routes/node.js';
import { describeApi, registerOpenApiRoutes } from './routes/openapi.js';
import { type PkiPort, registerPkiRoutes } from './routes/pki.js';
import { type RoutersPort, registerRouterRoutes } from './routes/routers.js';
import { registerSessionRoutes, type SessionPort } from './routes/session.js';
import { registerStatusRoutes } from './routes/status.js';
import { registerStreamRoutes } from './routes/stream.js';
import { sendSecurityHeaders } from './security-headers.js';
import { type LivePort, StreamHub } from './stream/hub.js';
import { takeTurns } from './turns.js';

/** A command's body is a few words. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** How often it is looked whether a request takes too long to arrive, in ms. Node's default is 30 s. */
const LIMITS = { connectionsCheckingInterval: 1000 };

const BROKEN = { clientErrorHandler: answerNoRequest, frameworkErrors: answerNoPath };

/** What the API needs of the daemon: a narrow port for each area. */
export interface ApiPorts {
  readonly control: Control;
  readonly configurations: ConfigurationsPort;
  readonly session: SessionPort;
  readonly node: NodePort;
  readonly pki: PkiPort;
  readonly live: LivePort;
  readonly events: EventsPort;
  readonly lsdb: LsdbPort;
  readonly metrics: MetricsPort;
  readonly routers: RoutersPort;
  readonly definitions: DefinitionsPort;
}

/** All areas of the API. A new one is a file in routes/ and a line here. */
function registerRoutes(api: Api, ports: ApiPorts, hub: StreamHub): void {
  registerSessionRoutes(api, ports.session);
  registerStatusRoutes(api, ports.control);
  registerConfigurationRoutes(api, ports.configurations);
  registerCommandRoutes(api, ports.control);
  registerNodeRoutes(api, ports.node);
  registerPkiRoutes(api, ports.pki);
  registerStreamRoutes(api, hub, ports.lsdb);
  registerEventRoutes(api, ports.events);
  registerAvailabilityRoutes(api, ports);
  registerLsdbRoutes(api, ports.lsdb);
  registerRouterRoutes(api, ports.routers);
  registerDefinitionRoutes(api, ports.definitions);
}

export interface ServerOptions {
  readonly identify: Identify;
  /** `socket` trusts whoever may connect; `loopback` is plain HTTP for this machine; `network` has TLS. */
  readonly kind: 'socket' | 'loopback' | 'network';
  /** null: plain HTTP. */
  readonly tls: HttpsOptions | null;
  /** The folder with the built pages; null: the API alone. */
  readonly pages: string | null;
  readonly log: AuditLog;
}

/** A server with all routes, not listening yet. Its `ready` and `listen` fail if a route names no role. */
export function buildServer(ports: ApiPorts, { identify, kind, tls, pages, log }: ServerOptions): Api {
  const api: Api = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    ...BROKEN,
    ...(tls === null ? { https: null, http: LIMITS } : { https: { ...tls, ...LIMITS } }),
  }).withTypeProvider();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(() => (data) => JSON.stringify(data));
  api.removeContentTypeParser('text/plain');
  answerErrorsInOneSentence(api, log, (request, reply) =>
    pages === null ? undefined : pageFor(pages, request, reply),
  );
  sendSecurityHeaders(api, { tls: tls !== null });
  logChanges(api, log);
  takeTurns(api);
  requireRoles(api, identify);
  if (kind !== 'socket') {
    refuseOtherOrigins(api, { scheme: tls === null ? 'http' : 'https', isLoopback: kind === 'loopback' });
  }
  const hub = new StreamHub(ports.live, (error) => {
    log.warn({ err: error }, 'those who watch cannot be told what changes');
  });
  api.addHook('preClose', async () => hub.close());
  const isDescribed = kind !== 'socket';
  api.register(async (scope: Api) => {
    if (isDescribed) await describeApi(scope, ports.session.version);
    registerRoutes(scope, ports, hub);
    if (isDescribed) registerOpenApiRoutes(scope);
    // Never where the daemon itself would make the text: on the socket.
    if (isDescribed) registerMetricsRoutes(scope, ports);
  });
  if (pages !== null) servePages(api, pages);
  return api;
}

/** A server for metrics alone, without TLS, not listening yet. `isLoopback`: it is asked from this machine only. */
export function buildMetricsServer(sources: MetricsSources, log: AuditLog, isLoopback: boolean): Api {
  const options = {
    logger: false,
    bodyLimit: 1024,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    ...BROKEN,
    http: LIMITS,
  };
  const api: Api = Fastify({ ...options, https: null }).withTypeProvider();
  answerErrorsInOneSentence(api, log, () => undefined);
  sendSecurityHeaders(api, { tls: false });
  requireRoles(api, () => LOOPBACK);
  refuseOtherOrigins(api, { scheme: 'http', isLoopback });
  registerMetricsRoutes(api, sources);
  return api;
}
