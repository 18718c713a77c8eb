import { EventParser } from '../../../src/sse/index.js';
import { ApiError } from './client.js';

/**
 * Reads a stream of server-sent events until it ends. The browser's own EventSource hides
 * heartbeats and HTTP status codes; a page that must know whether its node is alive needs both.
 *
 * `heard` is called for every piece that arrives, comments too. Rejects when the server refuses or the connection breaks;
 * resolves when the server ends the stream.
 */
export async function readEvents(
  url: string,
  signal: AbortSignal,
  handlers: {
    /** With the server's clock, in ms since 1970; NaN: it did not tell. */
    readonly opened: (serverTime: number) => void;
    readonly heard: () => void;
    readonly event: (name: string, data: string) => void;
    /** Called with the work that one piece causes: many events may come at once. */
    readonly together: (work: () => void) => void;
  },
): Promise<void> {
  const response = await fetch(url, { signal, headers: { accept: 'text/event-stream' }, cache: 'no-store' });
  if (!response.ok || response.body === null) throw new ApiError(response.status, await refusal(response));
  handlers.opened(new Date(response.headers.get('date') ?? '').getTime());
  const parser = new EventParser(handlers.event);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    handlers.heard();
    handlers.together(() => parser.push(value));
  }
}

async function refusal(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // No JSON: the status says it.
  }
  return `the node answered HTTP ${response.status}`;
}
