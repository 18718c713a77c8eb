import type { EventFilter } from '../../events/index.js';
import type { Awaitable } from '../awaitable.js';
import type { ApiPorts } from '../server.js';

/** Lists that are open at the same time. */
const MAX_OPEN = 500;

const BATCH_LENGTH = 64 * 1024;

/** A list that somebody in another thread goes through, by its number. */
export interface ListNumber<Part> {
  readonly number: number;
  /** What a part of it is. */
  readonly part?: Part;
}

/** Lists that are fetched a part at a time: nothing is read before it is asked for. */
export interface OpenLists {
  events(filter: EventFilter): Awaitable<ListNumber<string>>;
  lsdb(): Awaitable<ListNumber<PartOf<ApiPorts['lsdb']['list']>>>;
  definitions(): Awaitable<ListNumber<PartOf<ApiPorts['definitions']['list']>>>;
  /** undefined: that was all, or the list is closed. */
  next(number: number): Promise<unknown>;
  close(number: number): Promise<void>;
}

type PartOf<List extends () => AsyncIterable<unknown>> =
  ReturnType<List> extends AsyncIterable<infer Part> ? Part : never;

export function listsOf({ events, lsdb, definitions }: ApiPorts): OpenLists {
  const opened = new Map<number, AsyncIterator<unknown>>();
  let last = 0;
  const open = <Part>(list: AsyncIterable<Part>): ListNumber<Part> => {
    if (opened.size >= MAX_OPEN) throw new Error(`${MAX_OPEN} lists are being read already; try again later`);
    last += 1;
    opened.set(last, list[Symbol.asyncIterator]());
    return { number: last };
  };
  return {
    events: (filter) => open(inBatches(events.lines(filter))),
    lsdb: () => open(lsdb.list()),
    definitions: () => open(definitions.list()),
    next: async (number) => {
      const { done, value } = (await opened.get(number)?.next()) ?? { done: true, value: undefined };
      if (!done) return value;
      opened.delete(number);
      return undefined;
    },
    close: async (number) => {
      const list = opened.get(number);
      opened.delete(number);
      await list?.return?.();
    },
  };
}

/** Longer texts, of the same characters: a message takes longer than a line. */
async function* inBatches(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let batch = '';
  for await (const line of lines) {
    batch += line;
    if (batch.length < BATCH_LENGTH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
