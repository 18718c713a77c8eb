import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../tables/index.js';
import { refuse } from './errors.js';

interface Answer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly error: string;
}

/** Of Node's HTTP parser, by its error code. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'too-large',
    error: 'expected path and headers of at most 16 KB together: send less',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'too-slow',
    error: 'expected the whole request within 10 s, its head within 5 s',
  },
};

const NO_HTTP: Answer = { status: 400, code: 'not-understood', error: 'expected a request of HTTP/1.1' };

/** What cannot be read as a request, and so reaches no route, is answered as everything else is. */
export function answerNoRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, ...answer } = ANSWERS[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify({ error: answer.error, code: answer.code });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}

/** A path that the router cannot take apart. */
export function answerNoPath(_error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  refuse(reply, 'not-understood', 'path: expected parts of at most 100 characters in UTF-8, with %XX for what is none');
}
