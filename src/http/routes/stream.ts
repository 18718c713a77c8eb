import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import { errorAnswer, refuse } from '../errors.js';
import type { Sink, StreamHub } from '../stream/hub.js';
import type { LsdbPort } from './lsdb.js';

const DESCRIPTION = `Server-sent events, until one side ends the connection:

- \`status\`: node, ospf and nodes as in /status; \`services\`: all in the first event (\`complete\`), later those that have
  changed; \`removed\`: the names of those that have gone; \`ending\`: what a shutdown waits for, or null; \`problems\`
  and \`duplicateRouterIds\` as in /status; \`generatedAt\`. At most one
  in 50 ms.
- \`event\`: something happened in the cluster, as in /events.
- \`lsdb\`: with \`lsdb=1\` only: \`upserted\` LSAs as in /lsdb and the names of those \`removed\`; \`reset\`: forget what you
  had, what follows is everything, in several events. At most one in 100 ms after that.

A comment line every 10 s shows that the connection lives. A listener that does not read is cut.`;

/** A listener with so much to read is told of no LSAs until it has read; it misses nothing by that. */
const LSDB_WAITS_FROM_BYTES = 256 * 1024;

/** Everything that changes, as it changes. */
export function registerStreamRoutes(api: Api, hub: StreamHub, lsdb: Pick<LsdbPort, 'subscribe'>): void {
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
      const { identity, query } = request;
      const who = identity.fingerprint ?? identity.via;
      const obstacle = hub.obstacle(who);
      if (obstacle !== undefined) refuse(reply, 'busy', obstacle);
      else stream(hub, who, query.lsdb === '1' ? lsdb : null, reply);
    },
  );
}

function stream(hub: StreamHub, who: string, lsdb: Pick<LsdbPort, 'subscribe'> | null, reply: FastifyReply): void {
  const { raw } = reply;
  reply.hijack();
  // Whoever left while the request waited for its turn is told nothing, and `close` does not come again.
  if (raw.destroyed) return;
  raw.writeHead(200, { ...headersOf(reply), 'content-type': 'text/event-stream; charset=utf-8' });
  raw.flushHeaders();
  // `close` follows, and says all.
  raw.on('error', () => {});
  const sink = sinkOf(raw);
  const subscription = hub.open(sink, who);
  if (subscription === undefined) {
    raw.end();
    return;
  }
  const endLsdb = lsdb?.subscribe(
    (change) => sink.write(Buffer.from(`event: lsdb\ndata: ${JSON.stringify(change)}\n\n`)),
    () => sink.waiting() > LSDB_WAITS_FROM_BYTES,
  );
  raw.once('close', () => {
    subscription.close();
    endLsdb?.();
  });
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
