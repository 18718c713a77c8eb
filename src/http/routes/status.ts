import { z } from 'zod';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Control } from '../control.js';
import { BadRequestError, errorAnswer, refuse } from '../errors.js';
import type { StatusDocument } from '../status-document.js';
import { serviceStatus, statusDocument } from '../status-schema.js';

const simulation = z.object({
  question: z.string(),
  groups: z
    .array(
      z.object({
        group: z.string(),
        before: z.string().nullable().describe('Router ID; null: nobody can run it.'),
        after: z.string().nullable(),
        members: z.array(z.string()).readonly(),
        refused: z
          .string()
          .nullable()
          .describe('Why the node would refuse the move that was asked about; null: it would not.'),
      }),
    )
    .readonly(),
});

/** What this node knows of the cluster, and what would become of it. */
export function registerStatusRoutes(api: Api, control: Pick<Control, 'status' | 'service' | 'simulate'>): void {
  const config = { role: 'viewer' } as const;
  api.get(
    `${API_PREFIX}/status`,
    {
      config,
      schema: { summary: 'Nodes, services and owners, as this node sees them', response: { 200: statusDocument } },
    },
    async (_request, reply) => {
      // It is JSON already; the schema describes it.
      const text = (await control.status()) as unknown as StatusDocument;
      return reply.type('application/json; charset=utf-8').serializer(String).send(text);
    },
  );
  api.get(
    `${API_PREFIX}/services/:name`,
    {
      config,
      schema: {
        summary: 'One service on all nodes',
        params: z.object({ name: z.string().min(1).max(255) }),
        response: { 200: serviceStatus, 404: errorAnswer },
      },
    },
    async ({ params: { name } }, reply) =>
      (await control.service(name)) ??
      refuse(reply, 'unknown-service', `no service named ${name} is known to this node`),
  );
  api.get(
    `${API_PREFIX}/simulate`,
    {
      config,
      schema: {
        summary: 'Where every group would be if something happened; nothing is done',
        querystring: z.strictObject({
          question: z
            .string()
            .min(1)
            .max(400)
            .describe(
              '`lose NODE`, `return NODE`, `standby NODE`, `stop|move|pin NODE SERVICE`, or `stop-group|move-group|pin-group NODE GROUP`',
            ),
        }),
        response: { 200: simulation, 400: errorAnswer },
      },
    },
    async ({ query: { question } }) => {
      const groups = await control.simulate(question);
      if (typeof groups === 'string') throw new BadRequestError(groups);
      return { question, groups };
    },
  );
}
