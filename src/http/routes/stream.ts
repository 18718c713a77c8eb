import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { API_PREFIX } from '../api-prefix.js';
import { errorAnswer } from '../errors.js';
import { MAX_STREAMS, type Sink, type StreamHub, type Topic } from '../stream/hub.js';

const DESCRIPTION = `Server-sent events, until one side ends the connection:

- \`status\`: node, ospf and nodes as in /status; \`services\`: all in the first event (\`complete\`), later those that have
  changed; \`removed\`: the names of those that have gone; \`ending\`: what a shutdown waits for, or null; \`generatedAt\`. At most one
  in 50 ms.
- \`event\`: something happened in the cluster, as in /events.
- \`lsdb\`: \`upserted\` and \`removed\` LSAs, with \`lsdb=1\` only.

A comment line every 10 s shows that the connection lives. A listener that does not read is cut.`;

/** Everything that changes, as it changes. */
export function registerStreamRoutes(api: Api, hub: StreamHub): void {
  api.get(
    `${API_PREFIX}/stream`,
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Everything that changes, as it changes',
        description: DESCRIPTION,
        produces: ['text/event-stream'],
        querystring: z.strictObject({ lsdb: z.enum(['0', '1']).optional() }),
        response: { 200: z.string(), 503: errorAnswer },
      },
    },
    (request, reply) => {
      if (hub.listeners >= MAX_STREAMS) {
        reply.code(503).send({ error: `${MAX_STREAMS} streams are open already; try again later` });
      } else {
        stream(hub, reply, new Set<Topic>(request.query.lsdb === '1' ? ['event', 'lsdb'] : ['event']));
      }
    },
  );
}

function stream(hub: StreamHub, reply: FastifyReply, topics: ReadonlySet<Topic>): void {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, { ...headersOf(reply), 'content-type': 'text/event-stream; charset=utf-8' });
  raw.flushHeaders();
  const subscription = hub.open(sinkOf(raw), topics);
  if (subscription === undefined) raw.end();
  else raw.once('close', () => subscription.close());
}

function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

function sinkOf(raw: ServerResponse): Sink {
  return {
    write: (text) => void raw.write(text),
    waiting: () => raw.writableLength,
    cut: () => raw.destroy(),
  };
}
