import type { Server } from 'node:https';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RequiredRole } from './roles.js';

/** What routes are registered on: zod schemas check and type them. The same for all three ways to listen. */
export type Api = FastifyInstance<
  Server,
  RawRequestDefaultExpression<Server>,
  RawReplyDefaultExpression<Server>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route has one; a server with a route that has none does not start. */
    role?: RequiredRole;
  }
}
