import { z } from 'zod';
import type { NodeConfiguration } from '../../cluster/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Awaitable } from '../awaitable.js';

export interface ConfigurationsPort {
  /** Empty: nobody configures a service of that name. */
  configurations(service: string): Awaitable<readonly NodeConfiguration[]>;
}

const configuration: z.ZodType<NodeConfiguration> = z.object({
  routerId: z.string(),
  preference: z.number(),
  hash: z.string().describe("Over definition and Makefile, without what is naturally a node's own."),
  shared: z
    .object({
      kind: z.enum(['service', 'resource']),
      group: z.string(),
      critical: z.boolean(),
      dependsOn: z.array(z.string()).readonly(),
      addresses: z.array(z.string()).readonly(),
      scope: z.enum(['link', 'area', 'as']),
      area: z.string().nullable().describe("Dotted quad; null: the area of the node's own OSPF interfaces."),
      preempt: z.boolean(),
      handover: z.enum(['exclusive', 'overlap']),
    })
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
