import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from './api.js';
import { refuse } from './errors.js';
import { type Identify, isAllowed } from './identity.js';
import type { RequiredRole } from './roles.js';

/** What a path that does not exist asks for: a stranger learns nothing of the paths that do. */
const UNKNOWN_PATH: RequiredRole = 'viewer';

export interface RouteRole {
  readonly method: string;
  readonly url: string;
  readonly role: RequiredRole;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route that there is, and who may use it. Complete when the server is ready. */
    routeRoles: readonly RouteRole[];
  }
}

/** Asks every request for the role that its route names in `config: { role }`. A route that names none fails `ready`. */
export function requireRoles(api: Api, identify: Identify): void {
  const routes: Registered[] = [];
  const roles: RouteRole[] = [];
  api.decorate('routeRoles', roles);
  api.addHook('onRoute', (route) => void routes.push({ url: route.url, route }));
  // Not earlier: the routes of a plugin get their role after the hook above has seen them.
  api.addHook('onReady', async () => void roles.push(...routes.flatMap(rolesOf)));
  api.decorateRequest('identity');
  api.addHook('onRequest', async (request, reply) => {
    request.identity = identify(request);
    const required = request.is404 ? UNKNOWN_PATH : request.routeOptions.config.role;
    if (required === undefined || !isAllowed(request.identity, required)) return notAllowed(request, reply, required);
  });
}

interface Registered {
  /** As it was when it was registered: fastify uses one object for a path with and without its final slash. */
  readonly url: string;
  readonly route: { readonly method: string | string[]; readonly config?: FastifyContextConfig };
}

function rolesOf({ url, route: { method, config } }: Registered): RouteRole[] {
  const role = config?.role;
  if (role === undefined) throw new Error(`the route ${method} ${url} names no role: give it config.role`);
  return [method].flat().map((one) => ({ method: one, url, role }));
}

function notAllowed(request: FastifyRequest, reply: FastifyReply, required: RequiredRole | undefined): FastifyReply {
  const { user, role, trusted, because } = request.identity;
  const has = !trusted ? 'is not trusted' : role === null ? 'has no role' : `is ${role}`;
  const text = `this needs ${required === 'anyone' ? 'a good certificate' : `the role ${required ?? 'of nobody'}`}`;
  return refuse(reply, 'not-allowed', `${text}, and ${user} ${has}${because === '' ? '' : `: ${because}`}`);
}
