import { EventParser } from '../sse/index.js';
import { API_PREFIX } from '../tables/index.js';
import { readOn } from './client.js';
import type { DaemonAddress } from './daemon-address.js';

/** One event of the daemon's stream; `data` is what its JSON says. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** The daemon's events as they come, until the connection or `signal` ends. Throws as readOn does. */
export async function* readStream(address: DaemonAddress, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  let arrived: StreamEvent[] = [];
  const parser = new EventParser((event, data) => arrived.push({ event, data: JSON.parse(data) }));
  for await (const part of readOn(address, `${API_PREFIX}/stream`, signal)) {
    parser.push(part);
    yield* arrived;
    arrived = [];
  }
}
