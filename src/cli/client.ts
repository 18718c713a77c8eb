import { request } from 'node:http';

/** No daemon answers on the socket. The message says what to look at. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The daemon understood and said no; `usage` when the call itself was wrong. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly usage: boolean;

  constructor(message: string, usage: boolean) {
    super(message);
    this.usage = usage;
  }
}

export interface DaemonRequest {
  readonly socket: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
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
  throw new RefusedError(errorText(answer) ?? `the daemon answered HTTP ${statusCode}`, statusCode === 400);
}

function send({ socket, method, path, body, timeoutMs }: DaemonRequest): Promise<{ statusCode: number; text: string }> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = payload === undefined ? {} : { 'content-type': 'application/json' };
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

function errorText(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  return typeof answer.error === 'string' ? answer.error : undefined;
}
