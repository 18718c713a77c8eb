import { z } from 'zod';
import type { NodeConfiguration } from '../../cluster/index.js';
import { API_PREFIX, DEFINITION_KEYS, type KeyRow, SHARED_KEYS } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Awaitable } from '../awaitable.js';

export interface ConfigurationsPort {
  /** Empty: nobody configures a service of that name. */
  configurations(service: string): Awaitable<readonly NodeConfiguration[]>;
}

const configuration = z.object({
  routerId: z.string(),
  preference: z.number(),
  hash: z.string().describe("Over definition and Makefile, without what is naturally a node's own."),
  shared: z
    .object(Object.fromEntries(SHARED_KEYS.map((key) => [key, valueSchema(DEFINITION_KEYS[key])])))
    .describe('What must be the same on all nodes.'),
});

/** How the nodes configure a service, so that what differs can be shown. */
export function registerConfigurationRoutes(api: Api, port: ConfigurationsPort): void {
  api.get(
    `${API_PREFIX}/services/:name/configurations`,
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'How each node that announces a service has configured it',
        params: z.object({ name: z.string().min(1).max(255) }),
        response: { 200: z.object({ configurations: z.array(configuration).readonly() }) },
      },
    },
    async ({ params: { name } }) => ({ configurations: await port.configurations(name) }),
  );
}

function valueSchema(row: KeyRow): z.ZodType {
  const value = plainSchema(row).describe(row.help);
  return row.orNull === true ? value.nullable().describe(`${row.help}; null: ${row.otherwise}`) : value;
}

function plainSchema({ is, choices }: KeyRow): z.ZodType {
  switch (is) {
    case 'flag':
      return z.boolean();
    case 'choice':
      return z.enum(choices ?? []);
    case 'addresses':
    case 'services':
      return z.array(z.string()).readonly();
    default:
      return z.string();
  }
}
