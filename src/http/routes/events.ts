import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type ClusterEvent,
  clusterEventSchema,
  EVENT_KINDS,
  type EventFilter,
  type EventQuery,
} from '../../events/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import { errorAnswer } from '../errors.js';

export interface EventsPort {
  /** Newest first. */
  query(query: EventQuery): Promise<readonly ClusterEvent[]>;
  /** All that are kept and pass, oldest first: JSON, each with a newline. */
  lines(filter: EventFilter): AsyncIterable<string>;
}

const MAX_LIMIT = 1000;

const filter = z.strictObject({
  service: z.string().max(255).optional(),
  node: z.string().max(255).optional().describe('Router ID.'),
  kind: z.enum(EVENT_KINDS).optional(),
  text: z.string().max(255).optional().describe('Anywhere in text, service, states or operator.'),
});

const query = filter.extend({
  before: z.coerce.number().int().min(1).optional().describe('Only events with a lower `seq`: the next page.'),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
});

/** What happened in the cluster. New events come in the stream. */
export function registerEventRoutes(api: Api, port: EventsPort): void {
  const config = { role: 'viewer' } as const;
  api.get(
    `${API_PREFIX}/events`,
    {
      config,
      schema: {
        summary: 'What happened in the cluster, newest first',
        querystring: query,
        response: { 200: z.object({ events: z.array(clusterEventSchema).readonly() }), 400: errorAnswer },
      },
    },
    async (request) => ({ events: await port.query(request.query) }),
  );
  api.get(
    `${API_PREFIX}/events.jsonl`,
    {
      config,
      schema: {
        summary: 'All events that are kept, or those that pass the filter, oldest first, as JSON lines',
        produces: ['application/x-ndjson'],
        querystring: filter,
        response: { 200: z.unknown().describe('A line for each event.'), 400: errorAnswer },
      },
    },
    async (request, reply) => {
      reply.header('content-disposition', 'attachment; filename="events.jsonl"');
      return reply.type('application/x-ndjson').send(Readable.from(port.lines(request.query)));
    },
  );
}
