import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from './api.js';

/** The files of web/dist under `/`. Whoever may see anything may see them. */
export function servePages(api: Api, folder: string): void {
  if (!existsSync(folder)) return;
  api.register(async (scope) => {
    const { default: fastifyStatic } = await import('@fastify/static');
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, role: 'viewer' };
    });
    await scope.register(fastifyStatic, {
      root: folder,
      index: ['index.html'],
      cacheControl: false,
      // make build has compressed them.
      preCompressed: true,
    });
  });
}

/** The pages find their way themselves: an unknown path that wants HTML gets the page. Returns undefined otherwise. */
export function pageFor(folder: string, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const wantsPage = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
  if (!wantsPage || request.url.startsWith('/api/')) return undefined;
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  return reply.sendFile('index.html', folder);
}
