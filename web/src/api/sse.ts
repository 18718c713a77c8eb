import { EventParser } from '../../../src/sse/index.js';
import { parse, refusal } from './client.js';

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
  if (!response.ok || response.body === null) throw refusal(response.status, parse(await response.text()));
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
