import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';

const DESCRIPTION = `What the pages and srrctl use. Every error is answered with \`{ "error": "one sentence", "code": "…" }\`; programs read the code. Who
asks is known by the client certificate; each route says which role it needs: viewer, operator or admin, each of which may
do all that the one before it may.`;

/** Describes the routes that are registered after this, from the schemas that check them. To be awaited before those. */
export async function describeApi(api: Api, version: string): Promise<void> {
  // Not at the start of the file: a daemon without a web server does without.
  const { default: swagger } = await import('@fastify/swagger');
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'SRRD', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const { role } = route.route.config ?? {};
      const isApi = url.startsWith(`${API_PREFIX}/`) && role !== undefined;
      if (!isApi) return { schema: { ...schema, hide: true }, url };
      const { description = '' } = schema as { readonly description?: string };
      return { schema: { ...schema, description: `Needs the role **${role}**.\n\n${description}`.trim() }, url };
    },
  });
}

/** The description, and a reader for it that loads nothing from elsewhere. */
export function registerOpenApiRoutes(api: Api): void {
  let text: string | undefined;
  api.get(
    `${API_PREFIX}/openapi.json`,
    { config: { role: 'viewer' }, schema: { summary: 'This description (OpenAPI 3.1)' } },
    async (_request, reply) => {
      text ??= JSON.stringify(api.swagger());
      return reply.type('application/json; charset=utf-8').send(text);
    },
  );
  api.register(async (scope) => {
    const { default: swaggerUi } = await import('@fastify/swagger-ui');
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, role: 'viewer' };
    });
    await scope.register(swaggerUi, {
      routePrefix: '/api/docs',
      uiConfig: { layout: 'BaseLayout' },
      theme: { title: 'SRRD: the API' },
    });
  });
}
