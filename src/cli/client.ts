import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '../tables/index.js';
import { requestTo, UnreachableError, unreachable } from './connection.js';
import { type DaemonAddress, inWords } from './daemon-address.js';

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
  readonly address: DaemonAddress;
  readonly method: Method;
  readonly path: string;
  readonly body?: Body;
  /** Give up after this time without an answer; undefined: the daemon limits it. */
  readonly timeoutMs?: number;
}

/** An answer is a few hundred bytes a replica. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** A stream says something every 10 s, if only that it lives. */
const SILENT_STREAM_MS = 30_000;

/** The JSON that the daemon answered. Throws an UnreachableError or a RefusedError. */
export async function askDaemon(asked: DaemonRequest): Promise<unknown> {
  const { statusCode, text } = await send(asked);
  const answer = parseAnswer(text, asked.address);
  if (statusCode >= 200 && statusCode < 300) return answer;
  throw refused(statusCode, answer);
}

/** The same for an answer that is text. */
export async function askForText(asked: DaemonRequest): Promise<string> {
  const { statusCode, text } = await send(asked);
  if (statusCode >= 200 && statusCode < 300) return text;
  throw refused(statusCode, parseAnswer(text, asked.address));
}

/** Reads an answer that goes on, until it or `signal` ends. Throws an UnreachableError or a RefusedError. */
export async function* readOn(address: DaemonAddress, path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const open = async () => {
      const sent = await requestTo(address, { path, ...(signal === undefined ? {} : { signal }) }, resolve);
      sent.on('error', (error) => reject(unreachable(address, error)));
      // Over the network nothing tells that the other machine has lost its power.
      if (address.kind === 'web')
        sent.setTimeout(SILENT_STREAM_MS, () => sent.destroy(new Error('it has fallen silent')));
      sent.end();
    };
    open().catch(reject);
  });
  response.setEncoding('utf8');
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    let text = '';
    for await (const part of response) text += part;
    throw refused(statusCode, parseAnswer(text, address));
  }
  try {
    for await (const part of response) yield part as string;
  } catch (error) {
    if (signal?.aborted) return;
    throw unreachable(address, error instanceof Error ? error : new Error(String(error)));
  }
}

function send(asked: DaemonRequest): Promise<{ statusCode: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { address } = asked;
    const fail = (error: Error) => reject(unreachable(address, error));
    const read = (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_ANSWER_BYTES) response.destroy(new Error(`it answered more than ${MAX_ANSWER_BYTES} bytes`));
        chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () =>
        resolve({ statusCode: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    };
    begin(asked, read, fail).catch(reject);
  });
}

async function begin(
  { address, method, path, body, timeoutMs }: DaemonRequest,
  read: (response: IncomingMessage) => void,
  fail: (error: Error) => void,
): Promise<void> {
  const { payload, headers } = encode(body);
  const sent = await requestTo(address, { method, path, headers }, read);
  sent.on('error', fail);
  if (timeoutMs !== undefined) {
    sent.setTimeout(timeoutMs, () =>
      sent.destroy(new Error(`it accepted, but said nothing for ${timeoutMs / 1000} s`)),
    );
  }
  sent.end(payload);
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

function parseAnswer(text: string, address: DaemonAddress): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreachableError(
      `what answers at ${inWords(address)} is no srrd: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
}
