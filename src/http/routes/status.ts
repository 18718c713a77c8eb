import { z } from 'zod';
import type { WhatIf } from '../../cluster/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Control } from '../control.js';
import { BadRequestError, errorAnswer, refuse } from '../errors.js';
import type { StatusDocument } from '../status-document.js';
import { serviceStatus, statusDocument } from '../status-schema.js';

const changes = ['lose', 'return', 'standby', 'stop', 'move', 'pin'] as const;
const name = z.string().min(1).max(255);
const question = z.strictObject({
  change: z.enum(changes).describe('`pin` is a move with `pin`.'),
  node: name.describe('Router ID or name.'),
  service: name.optional().describe('With `stop`, `move` and `pin`: this, or `group`.'),
  group: name.optional(),
});

const simulation = z.object({
  question,
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
        params: z.object({ name }),
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
        querystring: question,
        response: { 200: simulation, 400: errorAnswer },
      },
    },
    async ({ query }) => {
      const groups = await control.simulate(whatIfOf(query));
      if (typeof groups === 'string') throw new BadRequestError(groups);
      return { question: query, groups };
    },
  );
}

/** Throws a BadRequestError where what is named does not go with the change. */
function whatIfOf({ change, node, service, group }: z.output<typeof question>): WhatIf<string> {
  if (change === 'lose' || change === 'return' || change === 'standby') {
    if (service === undefined && group === undefined) return { change, node };
    throw new BadRequestError(`${change} takes a node only, neither service nor group`);
  }
  if (service !== undefined && group === undefined) return { change, node, what: { kind: 'service', service } };
  if (group !== undefined && service === undefined) return { change, node, what: { kind: 'group', group } };
  throw new BadRequestError(`${change} needs service or group, one of the two`);
}
