import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from './api.js';
import type { Identify } from './identity.js';
import { isAllowed, type RequiredRole } from './roles.js';

/** What a path that does not exist asks for: a stranger learns nothing of the paths that do. */
const UNKNOWN_PATH: RequiredRole = 'viewer';

/** Asks every request for the role that its route names in `config: { role }`. */
export function requireRoles(api: Api, identify: Identify): void {
  const routes: { readonly method: string | string[]; readonly url: string; readonly config?: FastifyContextConfig }[] =
    [];
  api.addHook('onRoute', (route) => void routes.push(route));
  // Not earlier: the routes of a plugin get their role after this hook has seen them.
  api.addHook('onReady', async () => {
    const without = routes.find(({ config }) => config?.role === undefined);
    if (without !== undefined) {
      throw new Error(`the route ${without.method} ${without.url} names no role: give it config.role`);
    }
  });
  api.decorateRequest('identity');
  api.addHook('onRequest', async (request, reply) => {
    request.identity = identify(request);
    const required = request.is404 ? UNKNOWN_PATH : request.routeOptions.config.role;
    if (required === undefined || !isAllowed(request.identity.role, required)) return refuse(request, reply, required);
  });
}

function refuse(request: FastifyRequest, reply: FastifyReply, required: RequiredRole | undefined): FastifyReply {
  const { user, role, because } = request.identity;
  const has = role === null ? 'has no role' : `is ${role}`;
  const text = `${request.method} needs the role ${required ?? 'of nobody'}, and ${user} ${has}`;
  return reply.code(403).send({ error: because === '' ? text : `${text}: ${because}` });
}
