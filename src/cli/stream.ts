import { API_PREFIX } from '../http/api-prefix.js';
import { readOn } from './client.js';

/** One event of the daemon's stream; `data` is what its JSON says. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** The daemon's events as they come, until the connection or `signal` ends. Throws as readOn does. */
export async function* readStream(socket: string, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  let waiting = '';
  for await (const part of readOn(socket, `${API_PREFIX}/stream`, signal)) {
    waiting += part;
    const blocks = waiting.split('\n\n');
    waiting = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event !== undefined) yield event;
    }
  }
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as the daemon uses it. */
function parse(block: string): StreamEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => splitAt(line, line.indexOf(':'))));
  const data = fields.get('data');
  return data === undefined ? undefined : { event: fields.get('event') ?? 'message', data: JSON.parse(data) };
}

function splitAt(line: string, colon: number): readonly [string, string] {
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
