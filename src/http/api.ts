import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CommandName } from '../cluster/index.js';
import { API_PREFIX } from './api-prefix.js';
import type { CommandReply, CommandWish, Control, SimulationDocument } from './control.js';

/** A command's body is a few words. */
const BODY_LIMIT_BYTES = 16 * 1024;

const SERVICE_COMMANDS = [
  'activate',
  'deactivate',
  'start',
  'stop',
  'move',
  'unpin',
  'restart',
  'reload',
  'check',
  'status',
  'clear',
  'enable',
  'disable',
] as const satisfies readonly CommandName[];

const NODE_COMMANDS = ['standby', 'unstandby'] as const;

const target = z.string().min(1).max(255).nullish();
const serviceName = z.string().min(1).max(255);
const serviceParams = z.object({ name: serviceName, command: z.enum(SERVICE_COMMANDS) });
const serviceBody = z.strictObject({ target, pin: z.boolean().optional() }).nullish();
const nodeParams = z.object({ command: z.enum(NODE_COMMANDS) });
const simulateQuery = z.strictObject({ question: z.string().min(1).max(400) });
const nodeBody = z.strictObject({ target }).nullish();

/** The routes, not listening yet. `operator` is who asks, for the log and for the node that carries a command out. */
export function buildApi(control: Control, operator: string): FastifyInstance {
  const api = Fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  answerErrorsInOneSentence(api);
  api.get(`${API_PREFIX}/status`, () => control.status());
  api.get(`${API_PREFIX}/services/:name`, (request, reply) => {
    const { name } = check(z.object({ name: serviceName }), request.params, 'path');
    const service = control.status().services.find((candidate) => candidate.name === name);
    return service ?? reply.code(404).send({ error: `no service named ${name} is known to this node` });
  });
  api.get(`${API_PREFIX}/simulate`, (request): SimulationDocument => {
    const { question } = check(simulateQuery, request.query, 'query');
    const groups = control.simulate(question);
    if (typeof groups === 'string') throw new BadRequestError(groups);
    return { question, groups };
  });
  api.post(`${API_PREFIX}/services/:name/:command`, async (request, reply) => {
    const { name, command } = check(serviceParams, request.params, 'path');
    const body = check(serviceBody, request.body, 'body');
    const wish = { operator, command, service: name, target: body?.target ?? null, pin: body?.pin ?? false };
    return answer(reply, await control.command(checkService(wish)));
  });
  api.post(`${API_PREFIX}/node/:command`, async (request, reply) => {
    const { command } = check(nodeParams, request.params, 'path');
    const body = check(nodeBody, request.body, 'body');
    const wish = { operator, service: '', target: body?.target ?? null, pin: false };
    return answer(reply, await control.command({ ...wish, command: `node-${command}` }));
  });
  return api;
}

class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
  readonly statusCode = 400;
}

function answerErrorsInOneSentence(api: FastifyInstance): void {
  api.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.message }),
  );
  api.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `there is no ${request.method} ${request.url.slice(0, 200)}` }),
  );
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = issue?.path.join('.');
  throw new BadRequestError(`${where}${key ? `: ${key}` : ''}: ${issue?.message ?? 'not understood'}`);
}

function checkService(wish: CommandWish): CommandWish {
  if (wish.command === 'move' && wish.target === null) {
    throw new BadRequestError('move needs a node to move to: give its router ID or its name');
  }
  if (wish.pin && wish.command !== 'move' && wish.command !== 'start') {
    throw new BadRequestError(`pin goes with start and move only, not with ${wish.command}`);
  }
  return wish;
}

const STATUS_CODES: Readonly<Record<CommandReply['outcome'], number>> = {
  done: 200,
  refused: 409,
  unavailable: 503,
  'no-answer': 504,
};

function answer(reply: FastifyReply, { outcome, text }: CommandReply): FastifyReply {
  return reply.code(STATUS_CODES[outcome]).send(outcome === 'done' ? { text } : { error: text });
}
