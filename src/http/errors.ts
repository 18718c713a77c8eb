import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { codeOfStatus, ERROR_CODES, type ErrorCode } from '../tables/index.js';
import type { Api } from './api.js';
import type { AuditLog } from './audit.js';

/** What was asked makes no sense. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
  readonly statusCode = 400;
}

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** How every route answers when it does not do what it was asked. */
export const errorAnswer = z
  .object({
    error: z.string().describe('One sentence for people.'),
    code: z.enum(codes).describe('For programs: it stays the same when the sentence becomes a better one.'),
  })
  .describe('Refused.');

/** Answers that it is not done, with the status that goes with the code. `text`: one sentence. */
export function refuse(reply: FastifyReply, code: ErrorCode, text: string): FastifyReply {
  const { status, body } = errorOf(code, text);
  return reply.code(status).send(body);
}

export function errorOf(code: ErrorCode, text: string) {
  return { status: ERROR_CODES[code].status, body: { error: text, code } };
}

/** What became of something that was asked for; `text` is one sentence. */
export interface Reply {
  readonly outcome: 'done' | ErrorCode;
  readonly text: string;
}

export function answerReply(reply: FastifyReply, { outcome, text }: Reply): FastifyReply {
  return outcome === 'done' ? reply.send({ text }) : refuse(reply, outcome, text);
}

/** Whatever goes wrong is answered with `{ error, code }`. `notFound`: who else may answer for an unknown path. */
export function answerErrorsInOneSentence(api: Api, log: AuditLog, notFound: NotFound): void {
  api.setErrorHandler((error: Error & { statusCode?: number }, { method, url }, reply) => {
    const { statusCode = 500 } = error;
    // Nobody has foreseen it.
    if (statusCode === 500) log.warn({ err: error }, `${method} ${url.slice(0, 200)} failed: ${error.message}`);
    return reply.code(statusCode).send({ error: sentence(error), code: codeOfStatus(statusCode) });
  });
  api.setNotFoundHandler((request, reply) => notFound(request, reply) ?? thereIsNone(request, reply));
}

/** Answers, or returns undefined. */
export type NotFound = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined;

function thereIsNone(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return refuse(reply, 'unknown-route', `there is no ${request.method} ${request.url.slice(0, 200)}`);
}

const WHERE: Readonly<Record<string, string>> = {
  params: 'path',
  querystring: 'query',
  body: 'body',
  headers: 'headers',
};

function sentence(error: Error): string {
  if (!hasZodFastifySchemaValidationErrors(error)) return error.message;
  const [issue] = error.validation;
  const where = WHERE[error.validationContext ?? ''] ?? 'request';
  const key = issue?.instancePath.slice(1).replaceAll('/', '.');
  return `${where}${key ? `: ${key}` : ''}: ${issue?.message ?? 'not understood'}`;
}
