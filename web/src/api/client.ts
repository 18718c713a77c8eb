/** The beginning of every path of the API. */
export const API = '/api/v1';

/** What the server answered instead of what was asked for; `status` 0: it did not answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
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
    throw new ApiError(0, 'this node did not answer: srrd may be stopped there, or the way to it is cut');
  }
  const text = await response.text();
  const value = parse(text);
  if (response.ok) return (value ?? text) as T;
  throw new ApiError(response.status, errorOf(value) ?? `the node answered HTTP ${response.status}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(value: unknown): string | undefined {
  const error = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
  return typeof error === 'string' ? error : undefined;
}

/** What went wrong, in words, of anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
