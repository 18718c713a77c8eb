import type { FastifyRequest } from 'fastify';
import type { Api } from './api.js';
import { oneLine } from './one-line.js';

/** Where it is written who has asked for what. */
export interface AuditLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What of a route that changes nothing by itself is written down; default: request and answer. */
    audit?: 'nothing' | 'no answer';
  }
  interface FastifyRequest {
    /** Address and port of the other end; when the answer has gone, the connection may have too. */
    from: string;
    /** The beginning of the answer. */
    outcome: string;
  }
}

/** An answer is a sentence; the output of `status` may be long. */
const MAX_OUTCOME = 300;

/** The parts of a fingerprint that tell people apart. */
const FINGERPRINT_PREFIX = 'AB:CD:EF:01'.length;

/** Writes into the log every request that would change something: who, what, from where, and what came of it. */
export function logChanges(api: Api, log: AuditLog): void {
  api.decorateRequest('from', '');
  api.decorateRequest('outcome', '');
  api.addHook('onRequest', async (request) => {
    const { remoteAddress, remotePort } = request.socket;
    request.from = remoteAddress === undefined ? 'the UNIX socket' : `${remoteAddress}:${remotePort}`;
  });
  api.addHook('onSend', async (request, _reply, payload) => {
    const isKept = isChange(request) && request.routeOptions.config?.audit !== 'no answer';
    if (isKept && typeof payload === 'string') request.outcome = payload.slice(0, MAX_OUTCOME);
    return payload;
  });
  api.addHook('onResponse', async (request, reply) => {
    if (!isChange(request) || request.routeOptions.config?.audit === 'nothing') return;
    const { statusCode } = reply;
    const fields = {
      ...whoOf(request),
      method: request.method,
      path: oneLine(request.url.slice(0, MAX_OUTCOME)),
      statusCode,
    };
    const asked = `${fields.method} ${fields.path}${aboutOf(request)}`;
    const text = `${fields.user} from ${fields.from}: ${asked}: ${statusCode} ${request.outcome}`;
    log[statusCode < 400 ? 'info' : 'warn'](fields, oneLine(text));
  });
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** A command names in its body the node that is to carry it out, or the one that it is about. */
function aboutOf({ body }: FastifyRequest): string {
  if (typeof body !== 'object' || body === null) return '';
  const words = (['target', 'on'] as const).map((key) => ({ key, node: Reflect.get(body, key) }));
  return words
    .map(({ key, node }) => (typeof node === 'string' ? ` ${key} ${node.slice(0, MAX_OUTCOME)}` : ''))
    .join('');
}

function whoOf({ identity, from }: FastifyRequest) {
  const { user = 'nobody', role = null, via = 'unknown', fingerprint = null } = identity ?? {};
  return { user, role, via, fingerprint: fingerprint?.slice(0, FINGERPRINT_PREFIX) ?? null, from };
}
