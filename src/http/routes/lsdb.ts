import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Field, LsaDocument, LsaSummary, LsdbDocument, LsdbView, TopologyDocument } from '../../lsdb/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import type { Awaitable } from '../awaitable.js';
import { errorAnswer, refuse } from '../errors.js';

const generatedAt = z.string().describe('ISO 8601, by the clock of the answering node.');
const routerId = z.string().nullable().describe('null: there is no session with ospfd.');

const summary = {
  id: z.string().describe('`TYPE_SCOPE_LINK-STATE-ID_ADVERTISING-ROUTER`, for paths.'),
  type: z.number().int(),
  typeName: z.string(),
  opaqueType: z.number().int().nullable().describe('Of types 9 to 11.'),
  linkStateId: z.string(),
  advertisingRouter: z.string(),
  area: z.string().nullable().describe('null: AS scope.'),
  link: z.string().nullable().describe('Of type 9: our address on the link.'),
  own: z.boolean().describe('ospfd of this node originated it.'),
  age: z.number().int().describe('Seconds, at `generatedAt`.'),
  sequence: z.string(),
  checksum: z.string(),
  length: z.number().int().describe('Bytes, with the header.'),
  words: z.string().describe('What it says, in one sentence.'),
};

const lsaSummary: z.ZodType<LsaSummary> = z.object(summary);

const field: z.ZodType<Field> = z.lazy(() =>
  z.object({
    name: z.string(),
    value: z.string(),
    meaning: z.string().nullable(),
    offset: z.number().int().describe('Bytes from the beginning of the header.'),
    length: z.number().int(),
    target: z.string().nullable().describe('The `id` of the LSA that this field points to.'),
    parts: z.array(field),
  }),
);

const lsaDocument: z.ZodType<LsaDocument> = z.object({
  ...summary,
  generatedAt,
  fields: z.array(field).describe('Every byte belongs to exactly one field without parts.'),
  raw: z.string().describe('Header and body, hexadecimal.'),
});

const lsdbDocument: z.ZodType<LsdbDocument> = z.object({
  generatedAt,
  routerId,
  notes: z.array(z.string()).describe('What the list may lack, in sentences.'),
  lsas: z.array(lsaSummary),
});

const distance = z.number().nullable().describe('The cost from the answering node; null: not reached.');

const topologyDocument: z.ZodType<TopologyDocument> = z.object({
  generatedAt,
  routerId,
  areas: z.array(z.string()),
  routers: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullable().describe('What its srrd calls itself.'),
      areas: z.array(z.string()),
      areaBorderRouter: z.boolean(),
      asBoundaryRouter: z.boolean(),
      distance,
      lsas: z.array(z.string()),
      stubs: z.number().int(),
    }),
  ),
  networks: z.array(z.object({ id: z.string(), prefix: z.string(), area: z.string(), distance, lsa: z.string() })),
  links: z
    .array(z.object({ from: z.string(), to: z.string(), area: z.string(), cost: z.number(), mutual: z.boolean() }))
    .describe('One direction each.'),
  addresses: z.array(
    z.object({
      address: z.string(),
      services: z.array(z.string()),
      startedAt: z.array(z.string()).describe('Router IDs.'),
      announcedBy: z.array(z.object({ router: z.string(), lsa: z.string() })),
      route: z
        .object({
          kind: z.enum(['intra-area', 'inter-area', 'external type 1', 'external type 2']),
          prefix: z.string(),
          cost: z.number(),
          path: z.array(z.string()).describe('Routers and networks from here on.'),
        })
        .nullable(),
    }),
  ),
});

/** What the looking glass shows. */
export interface LsdbPort extends Omit<LsdbView, 'find'> {
  /** undefined: this node has no such LSA. */
  find(id: string): Awaitable<LsaDocument | undefined>;
}

/** The looking glass. */
export function registerLsdbRoutes(api: Api, view: Pick<LsdbPort, 'list' | 'find' | 'topology'>): void {
  const config = { role: 'viewer' } as const;
  api.get(
    `${API_PREFIX}/lsdb`,
    { config, schema: { summary: 'All LSAs that this node knows', response: { 200: lsdbDocument } } },
    (_request, reply) => {
      // In pieces, so that a large LSDB does not keep the daemon from its work; the schema describes them together.
      const pieces = Readable.from(json(view)) as unknown as LsdbDocument;
      reply.type('application/json; charset=utf-8').send(pieces);
    },
  );
  api.get(
    `${API_PREFIX}/lsdb/:id`,
    {
      config,
      schema: {
        summary: 'One LSA, decoded down to the last field',
        params: z.object({ id: z.string().min(1).max(100) }),
        response: { 200: lsaDocument, 404: errorAnswer },
      },
    },
    async ({ params: { id } }, reply) =>
      (await view.find(id)) ?? refuse(reply, 'unknown-lsa', `this node has no LSA ${id}; it may have been withdrawn`),
  );
  api.get(
    `${API_PREFIX}/topology`,
    {
      config,
      schema: {
        summary: 'The network as the LSAs describe it, with the path from here to each service',
        response: { 200: topologyDocument },
      },
    },
    async () => view.topology(),
  );
}

async function* json(view: Pick<LsdbPort, 'list'>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const { head, lsas } of view.list()) {
    const list = lsas.map((lsa) => JSON.stringify(lsa)).join(',\n');
    if (isFirst) yield `${JSON.stringify(head).slice(0, -1)},"lsas":[\n${list}`;
    else if (list !== '') yield `,\n${list}`;
    isFirst = false;
  }
  yield ']}\n';
}
