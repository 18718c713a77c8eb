import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { FILE_KEYS, type Problem } from '../../config/index.js';
import { isName, PRIMITIVES } from '../../model/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { Api } from '../api.js';
import { errorAnswer, errorOf, type Reply, refuse } from '../errors.js';
import type { Identity } from '../identity.js';

/** A service's definition on this node. */
export interface DefinitionEntry {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** As the file has it: durations as text, absent keys have their defaults. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly inForce: boolean;
  readonly problems: readonly string[];
  readonly editable: boolean;
  readonly whyNot: string | null;
}

export interface DefinitionProblem extends Problem {
  /** Absolute path; null: the definition that was sent. */
  readonly file: string | null;
  /** It in a sentence, without file, line and key. */
  readonly message: string;
}

export interface Verdict {
  readonly problems: readonly DefinitionProblem[];
  readonly warnings: readonly DefinitionProblem[];
}

/** What became of an edit. `refused`: not in the service's present state. */
export interface EditReply extends Reply {
  readonly outcome: 'done' | 'refused' | 'wrong-definition' | 'unknown-definition';
  /** With `wrong-definition`: what is wrong, each by itself. */
  readonly problems?: readonly DefinitionProblem[];
}

/** A definition: the keys of the file, or the file's text with its comments (YAML). */
export type WrittenDefinition = Readonly<Record<string, unknown>> | string;

export interface ApplyHow {
  /** Say what would become of it; nothing is changed. */
  readonly check: boolean;
  /** Services whose definitions are deleted in the same step; those that are not here are no error. */
  readonly remove: readonly string[];
  /** Refuse it if the definitions are not those that this is the hash of (definitionsBase); null: whatever they are. */
  readonly base: string | null;
}

export interface DefinitionsPort {
  /** In parts, so that many do not keep the daemon from its work. */
  list(): AsyncIterable<readonly DefinitionEntry[]>;
  /** undefined: no definition of that name is on this node. */
  find(name: string): Promise<DefinitionEntry | undefined>;
  validate(written: WrittenDefinition): Promise<Verdict>;
  save(name: string, written: WrittenDefinition, operator: string): Promise<EditReply>;
  remove(name: string, operator: string): Promise<EditReply>;
  /** All definitions, one YAML document each. */
  exported(): Promise<string>;
  /** The definitions in a file: all are saved, or, if one is not taken, none. */
  import(yaml: string, operator: string): Promise<EditReply>;
  /** The same, together with what is to be deleted. */
  apply(yaml: string, operator: string, how: ApplyHow): Promise<EditReply>;
}

/** For what only admins see. */
const MASK = '***';

const BODY_LIMIT_BYTES = 64 * 1024;
const IMPORT_LIMIT_BYTES = 1024 * 1024;

const problem: z.ZodType<DefinitionProblem> = z.object({
  file: z.string().nullable().describe('Another file that would be wrong; null: the definition that was sent.'),
  line: z.number().nullable(),
  key: z.string().describe('Such as `check.interval`; empty: the definition as a whole.'),
  code: z.enum(['file', 'unknown-key', 'wrong-value', 'conflict', 'missing-targets']),
  expected: z.string(),
  found: z.string().nullable(),
  missing: z
    .object({ makefile: z.string(), targets: z.array(z.enum(PRIMITIVES)).readonly() })
    .optional()
    .describe('With `missing-targets`: what the Makefile lacks.'),
  message: z.string().describe('It in a sentence.'),
});

const entry = z.object({
  name: z.string(),
  file: z.string(),
  definition: z
    .record(z.string(), z.unknown())
    .describe(
      'As the file has it; absent keys have their defaults. For everybody but admins the values of variables are `***`.',
    ),
  inForce: z.boolean().describe('The daemon works with exactly this; false: it is wrong, or waits for inactivity.'),
  problems: z.array(z.string()).readonly(),
  editable: z.boolean(),
  whyNot: z.string().nullable().describe('Why not, and what to do.'),
});

const applyQuery = z.strictObject({
  check: z.enum(['true', 'false']).optional().describe('Say what would become of it; nothing is changed.'),
  delete: z
    .string()
    .refine((names) => names.split(',').every(isName), 'expected names of services, separated by commas')
    .optional()
    .describe(
      'Services whose definitions are deleted in the same step, separated by commas; absent ones are no error.',
    ),
  base: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe(
      'Refused if the definitions have changed since srrctl made this of them: SHA-256 over what the files say.',
    ),
});

const params = z.object({ name: z.string().min(1).max(255) });
const written = z
  .union([z.record(z.string(), z.unknown()), z.string()])
  .describe('JSON, or the text of the file as application/yaml.');
const done = z.object({ text: z.string() });
const wrong = errorAnswer.extend({ problems: z.array(problem).readonly().optional() }).describe('Refused.');
const edits = { 200: done, 400: wrong, 404: errorAnswer, 409: errorAnswer };

/** The definitions of this node's services: the files in STATEDIR/services. */
export function registerDefinitionRoutes(api: Api, port: DefinitionsPort): void {
  api.addContentTypeParser('application/yaml', { parseAs: 'string' }, async (_request: unknown, text: string) => text);
  registerReading(api, port);
  registerWriting(api, port);
}

function registerReading(api: Api, port: DefinitionsPort): void {
  const config = { role: 'viewer' } as const;
  const path = `${API_PREFIX}/definitions`;
  api.get(
    path,
    {
      config,
      schema: { summary: "The definitions of this node's services", response: { 200: z.array(entry).readonly() } },
    },
    ({ identity }, reply) => {
      // In pieces; the schema describes them together.
      const pieces = Readable.from(json(port, identity)) as unknown as DefinitionEntry[];
      reply.type('application/json; charset=utf-8').send(pieces);
    },
  );
  api.get(
    `${path}/:name`,
    { config, schema: { summary: 'One definition', params, response: { 200: entry, 404: errorAnswer } } },
    async ({ params: { name }, identity }, reply) => {
      const entry = await port.find(name);
      if (entry !== undefined) return shownTo(identity, entry);
      return refuse(reply, 'unknown-definition', `no definition named ${name} is on this node`);
    },
  );
  api.get(
    `${path}/export`,
    {
      // Whole files, with the values of variables.
      config: { role: 'admin' },
      schema: {
        summary: 'All definitions, one YAML document each',
        produces: ['application/yaml'],
        response: { 200: z.string() },
      },
    },
    async (_request, reply) => {
      reply.header('content-disposition', 'attachment; filename="srrd-definitions.yaml"');
      return reply
        .type('application/yaml')
        .serializer(String)
        .send(await port.exported());
    },
  );
}

/** What a viewer sees of a definition: values of variables, and keys that no definition has, may be passwords. */
function shownTo({ role }: Identity, entry: DefinitionEntry): DefinitionEntry {
  if (role === 'admin') return entry;
  const known = Object.entries(entry.definition).filter(([key]) => FILE_KEYS.includes(key));
  const definition = Object.fromEntries(
    known.map(([key, value]) => [key, key === 'variables' ? masked(value) : value]),
  );
  return { ...entry, definition };
}

function masked(variables: unknown): unknown {
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables)) return MASK;
  return Object.fromEntries(Object.keys(variables).map((name) => [name, MASK]));
}

async function* json(port: Pick<DefinitionsPort, 'list'>, identity: Identity): AsyncGenerator<string> {
  let isFirst = true;
  for await (const entries of port.list()) {
    const list = entries.map((entry) => JSON.stringify(shownTo(identity, entry))).join(',\n');
    yield `${isFirst ? '[' : ','}\n${list}`;
    isFirst = false;
  }
  yield isFirst ? '[]\n' : ']\n';
}

function registerWriting(api: Api, port: DefinitionsPort): void {
  const config = { role: 'admin' } as const;
  const path = `${API_PREFIX}/definitions`;
  api.post(
    `${path}/validate`,
    {
      config: { ...config, audit: 'nothing' },
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        summary: "Whether a definition would be taken, by the daemon's own rules; nothing is saved",
        body: written,
        response: {
          200: z.object({ problems: z.array(problem).readonly(), warnings: z.array(problem).readonly() }),
          400: errorAnswer,
        },
      },
    },
    async ({ body }) => port.validate(body),
  );
  api.put(
    `${path}/:name`,
    {
      config,
      bodyLimit: BODY_LIMIT_BYTES,
      schema: { summary: 'Add or change a definition', params, body: written, response: edits },
    },
    async ({ params: { name }, body, identity }, reply) =>
      answerEdit(reply, await port.save(name, body, identity.user)),
  );
  api.delete(
    `${path}/:name`,
    { config, schema: { summary: 'Delete a definition', params, response: edits } },
    async ({ params: { name }, identity }, reply) => answerEdit(reply, await port.remove(name, identity.user)),
  );
  api.post(
    `${path}/import`,
    {
      config,
      bodyLimit: IMPORT_LIMIT_BYTES,
      schema: {
        summary: 'Add or change the definitions in a YAML file; if one of them is not taken, none',
        consumes: ['application/yaml'],
        body: z.string(),
        response: edits,
      },
    },
    async ({ body, identity }, reply) => answerEdit(reply, await port.import(body, identity.user)),
  );
  api.post(
    // Not a query of `import`: older nodes would not know it, and carry out what they were only asked about.
    `${path}/apply`,
    {
      config,
      bodyLimit: IMPORT_LIMIT_BYTES,
      schema: {
        summary: 'Add, change and delete definitions in one step, or say what would become of it',
        consumes: ['application/yaml'],
        querystring: applyQuery,
        body: z.string(),
        response: edits,
      },
    },
    async ({ body, query, identity }, reply) => {
      const remove = query.delete?.split(',') ?? [];
      const how = { check: query.check === 'true', remove, base: query.base ?? null };
      return answerEdit(reply, await port.apply(body, identity.user, how));
    },
  );
}

function answerEdit(reply: FastifyReply, { outcome, text, problems }: EditReply): FastifyReply {
  if (outcome === 'done') return reply.send({ text });
  const { status, body } = errorOf(outcome, text);
  return reply.code(status).send({ ...body, ...(problems === undefined ? {} : { problems }) });
}
