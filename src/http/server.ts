import Fastify from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Api } from './api.js';
import { requireRoles } from './authorisation.js';
import type { Control } from './control.js';
import { answerErrorsInOneSentence } from './errors.js';
import type { Identify } from './identity.js';
import { pageFor, servePages } from './pages.js';
import { registerCommandRoutes } from './routes/commands.js';
import { registerSessionRoutes, type SessionPort } from './routes/session.js';
import { registerStatusRoutes } from './routes/status.js';
import { registerStreamRoutes } from './routes/stream.js';
import { sendSecurityHeaders } from './security-headers.js';
import type { StreamHub } from './stream/hub.js';

/** A command's body is a few words. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** What the API needs of the daemon: a narrow port for each area. */
export interface ApiPorts {
  readonly control: Control;
  readonly session: SessionPort;
  readonly stream: StreamHub;
}

/** All areas of the API. A new one is a file in routes/ and a line here. */
function registerRoutes(api: Api, ports: ApiPorts): void {
  registerSessionRoutes(api, ports.session);
  registerStatusRoutes(api, ports.control);
  registerCommandRoutes(api, ports.control);
  registerStreamRoutes(api, ports.stream);
}

export interface ServerOptions {
  readonly identify: Identify;
  /** null: plain HTTP. */
  readonly tls: null;
  /** The folder with the built pages; null: the API alone. */
  readonly pages: string | null;
}

/** A server with all routes, not listening yet. Throws if a route names no role. */
export function buildServer(ports: ApiPorts, { identify, tls, pages }: ServerOptions): Api {
  const api: Api = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    https: tls,
  }).withTypeProvider();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(() => (data) => JSON.stringify(data));
  answerErrorsInOneSentence(api, (request, reply) => (pages === null ? undefined : pageFor(pages, request, reply)));
  sendSecurityHeaders(api, { tls: tls !== null });
  requireRoles(api, identify);
  registerRoutes(api, ports);
  if (pages !== null) servePages(api, pages);
  return api;
}
