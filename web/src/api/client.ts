import type { ErrorCode } from '../../../src/tables/index.js';

/** The beginning of every path of the API. */
export const API = '/api/v1';

/** Why there is no answer: as the server says, or `no-connection`. */
export type Trouble = ErrorCode | 'no-connection';

/** What the server answered instead of what was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: Trouble;

  constructor(code: Trouble, message: string) {
    super(message);
    this.code = code;
  }
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>('GET', path, undefined, signal);
}

export function post<T>(path: string, body?: object): Promise<T> {
  return ask<T>('POST', path, body);
}

export function put<T>(path: string, body: object): Promise<T> {
  return ask<T>('PUT', path, body);
}

export function remove<T>(path: string): Promise<T> {
  return ask<T>('DELETE', path);
}

/** Sends text as it is, for files. */
export function postText<T>(path: string, type: string, text: string): Promise<T> {
  return send<T>(path, { method: 'POST', headers: { accept: 'application/json', 'content-type': type }, body: text });
}

function ask<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  return send<T>(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${API}${path}`, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError('no-connection', 'this node did not answer: srrd may be stopped there, or the way to it is cut');
  }
  const text = await response.text();
  const value = parse(text);
  if (response.ok) return (value ?? text) as T;
  throw refusal(response.status, value);
}

/** `value`: the answer's JSON, if it is some. A proxy in between may answer otherwise. */
export function refusal(status: number, value: unknown): ApiError {
  const { error, code } = Object(value) as { readonly error?: unknown; readonly code?: ErrorCode };
  return new ApiError(code ?? 'failed', typeof error === 'string' ? error : `the node answered HTTP ${status}`);
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What went wrong, in words, of anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
