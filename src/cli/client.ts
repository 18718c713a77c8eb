import { type IncomingMessage, request } from 'node:http';
import type { ErrorCode } from '../tables/index.js';

/** No daemon answers on the socket. The message says what to look at. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The daemon said no. `code`: that of its answer; undefined if it gave none. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: ErrorCode | undefined;

  constructor(message: string, code: ErrorCode | undefined) {
    super(message);
    this.code = code;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** JSON, or the text of a YAML file. */
export type Body = object | { readonly yaml: string };

export interface DaemonRequest {
  readonly socket: string;
  readonly method: Method;
  readonly path: string;
  readonly body?: Body;
  /** Give up after this time without an answer; undefined: the daemon limits it. */
  readonly timeoutMs?: number;
}

/** An answer is a few hundred bytes a replica. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The JSON that the daemon answered. Throws an UnreachableError or a RefusedError. */
export async function askDaemon(asked: DaemonRequest): Promise<unknown> {
  const { statusCode, text } = await send(asked);
  const answer = parseAnswer(text, asked.socket);
  if (statusCode >= 200 && statusCode < 300) return answer;
  throw refused(statusCode, answer);
}

/** The same for an answer that is text. */
export async function askForText(asked: DaemonRequest): Promise<string> {
  const { statusCode, text } = await send(asked);
  if (statusCode >= 200 && statusCode < 300) return text;
  throw refused(statusCode, parseAnswer(text, asked.socket));
}

/** Reads an answer that goes on, until it or `signal` ends. Throws an UnreachableError or a RefusedError. */
export async function* readOn(socket: string, path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { socketPath: socket, path, agent: false, ...(signal === undefined ? {} : { signal }) };
    const sent = request(options, resolve);
    sent.on('error', (error) => reject(unreachable(socket, error)));
    sent.end();
  });
  response.setEncoding('utf8');
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    let text = '';
    for await (const part of response) text += part;
    throw refused(statusCode, parseAnswer(text, socket));
  }
  try {
    for await (const part of response) yield part as string;
  } catch (error) {
    if (signal?.aborted) return;
    throw unreachable(socket, error instanceof Error ? error : new Error(String(error)));
  }
}

function send({ socket, method, path, body, timeoutMs }: DaemonRequest): Promise<{ statusCode: number; text: string }> {
  const { payload, headers } = encode(body);
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socket, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_ANSWER_BYTES) response.destroy(new Error(`it answered more than ${MAX_ANSWER_BYTES} bytes`));
        chunks.push(chunk);
      });
      response.on('error', (error) => reject(unreachable(socket, error)));
      response.on('end', () =>
        resolve({ statusCode: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', (error) => reject(unreachable(socket, error)));
    if (timeoutMs !== undefined) {
      sent.setTimeout(timeoutMs, () =>
        sent.destroy(new Error(`it accepted, but said nothing for ${timeoutMs / 1000} s`)),
      );
    }
    sent.end(payload);
  });
}

function encode(body: Body | undefined): { payload: string | undefined; headers: Record<string, string> } {
  if (body === undefined) return { payload: undefined, headers: {} };
  if ('yaml' in body) return { payload: String(body.yaml), headers: { 'content-type': 'application/yaml' } };
  return { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function refused(statusCode: number, answer: unknown): RefusedError {
  const { error, code } = Object(answer) as { readonly error?: unknown; readonly code?: ErrorCode };
  return new RefusedError(typeof error === 'string' ? error : `the daemon answered HTTP ${statusCode}`, code);
}

function unreachable(socket: string, error: Error & { code?: string }): UnreachableError {
  switch (error.code) {
    case 'ENOENT':
      return new UnreachableError(
        `no daemon at ${socket}: the socket does not exist. Is srrd running, and is this its \`socket\`? Otherwise use --socket`,
      );
    case 'ECONNREFUSED':
      return new UnreachableError(`no daemon at ${socket}: srrd has ended without removing its socket. Start it again`);
    case 'EACCES':
    case 'EPERM':
      return new UnreachableError(`no access to ${socket}: only the user that runs srrd may use it. Try as root`);
    default:
      return new UnreachableError(`the daemon at ${socket} does not answer: ${error.message}. Look at its log`);
  }
}

function parseAnswer(text: string, socket: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreachableError(
      `what answers at ${socket} is no srrd: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
}
