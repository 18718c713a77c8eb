import { useEffect, useState } from 'preact/hooks';
import { get, wordsOf } from '../api/client.js';
import type { ClusterEvent } from '../api/types.js';
import { connection, onStreamEvent } from './connection.js';

/** What to show of the events; an empty text is no condition. */
export interface EventFilter {
  readonly service: string;
  readonly node: string;
  readonly kind: string;
  readonly text: string;
}

export interface EventHistory {
  /** Newest first. */
  readonly events: readonly ClusterEvent[];
  /** There is nothing older. */
  readonly atEnd: boolean;
  readonly loading: boolean;
  readonly error: string | null;
  readonly older: () => void;
}

const PAGE = 200;
/** Beyond this the oldest are forgotten; they can be asked for again. */
const MOST_KEPT = 5_000;

interface Known {
  readonly events: readonly ClusterEvent[];
  readonly atEnd: boolean;
  readonly error: string | null;
}

/** The events that pass the filter: those of the past as they are asked for, and new ones as they happen. */
export function useEvents({ service, node, kind, text }: EventFilter): EventHistory {
  const [known, setKnown] = useState<Known>({ events: [], atEnd: false, error: null });
  const [loading, setLoading] = useState(true);
  const query = queryOf({ service, node, kind, text });
  const state = connection.value;
  const liveSince = state.state === 'live' ? state.since : 0;

  useEffect(() => {
    if (liveSince === 0) return;
    const controller = new AbortController();
    setLoading(true);
    ask(query, null, controller.signal)
      .then(
        (events) => setKnown({ events, atEnd: events.length < PAGE, error: null }),
        (error) => {
          if (!controller.signal.aborted) setKnown((before) => ({ ...before, error: wordsOf(error) }));
        },
      )
      .finally(() => {
        if (!controller.signal.aborted) setLoading(false);
      });
    return () => controller.abort();
  }, [query, liveSince]);

  useEffect(() => {
    const passes = (event: ClusterEvent): boolean => isWanted(event, { service, node, kind, text });
    return onStreamEvent('event', (event) => {
      if (passes(event)) setKnown((before) => ({ ...before, events: withNew(before.events, event) }));
    });
  }, [service, node, kind, text]);

  const older = (): void => {
    const last = known.events.at(-1);
    if (loading || known.atEnd || last === undefined) return;
    setLoading(true);
    ask(query, last.seq)
      .then(
        (more) =>
          setKnown((before) => ({ events: [...before.events, ...more], atEnd: more.length < PAGE, error: null })),
        (error) => setKnown((before) => ({ ...before, error: wordsOf(error) })),
      )
      .finally(() => setLoading(false));
  };
  return { ...known, loading, older };
}

async function ask(query: string, before: number | null, signal?: AbortSignal): Promise<readonly ClusterEvent[]> {
  const path = `/events?limit=${PAGE}${before === null ? '' : `&before=${before}`}${query === '' ? '' : `&${query}`}`;
  const { events } = await get<{ events: readonly ClusterEvent[] }>(path, signal);
  return events;
}

/** As the API takes it; empty: no condition. */
export function queryOf(filter: EventFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== '');
  return new URLSearchParams(given).toString();
}

/** The server's own filter, for what the stream tells. */
function isWanted(event: ClusterEvent, { service, node, kind, text }: EventFilter): boolean {
  if (service !== '' && event.service !== service) return false;
  if (node !== '' && event.node !== node) return false;
  if (kind !== '' && event.kind !== kind) return false;
  const { text: words, service: about, from, to, operator } = event;
  return [words, about, from, to, operator].join('\n').toLowerCase().includes(text.toLowerCase());
}

function withNew(events: readonly ClusterEvent[], event: ClusterEvent): readonly ClusterEvent[] {
  if (events.some(({ seq }) => seq === event.seq)) return events;
  return [event, ...events].slice(0, MOST_KEPT);
}
