import { useMemo, useRef } from 'preact/hooks';
import { API } from '../../api/client.js';
import { Banner } from '../../parts/banner.js';
import { EventRow, KIND_WORDS } from '../../parts/event-row.js';
import { isNarrow } from '../../parts/media.js';
import { SpacerItem } from '../../parts/spacer-row.js';
import { useWindowed } from '../../parts/windowed.js';
import { place, setQuery } from '../../routing/router.js';
import { nodes } from '../../store/cluster.js';
import { type EventFilter, queryOf, useEvents } from '../../store/events.js';
import type { Page } from '../page.js';

export const eventsPage: Page = { pattern: '/events', title: () => 'Events', component: EventsPage, entry: 'Events' };

function EventsPage() {
  const { query } = place.value;
  const filter: EventFilter = {
    service: query.get('service') ?? '',
    node: query.get('node') ?? '',
    kind: query.get('kind') ?? '',
    text: query.get('text') ?? '',
  };
  return (
    <>
      <div class="title-line">
        <h1>Events</h1>
        <Filters filter={filter} />
      </div>
      <History filter={filter} />
    </>
  );
}

function Filters({ filter }: { readonly filter: EventFilter }) {
  return (
    <search class="filters">
      <label>
        <span class="hidden">Text</span>
        <input
          type="search"
          placeholder="Text"
          value={filter.text}
          onInput={({ currentTarget }) => setQuery({ text: currentTarget.value })}
        />
      </label>
      <label>
        <span class="hidden">Service</span>
        <input
          type="search"
          class="short"
          placeholder="Service"
          value={filter.service}
          onInput={({ currentTarget }) => setQuery({ service: currentTarget.value })}
        />
      </label>
      <label>
        <span class="hidden">Node</span>
        <select value={filter.node} onChange={({ currentTarget }) => setQuery({ node: currentTarget.value })}>
          <option value="">All nodes</option>
          {nodes.value.map(({ routerId, name }) => (
            <option key={routerId} value={routerId}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">Kind</span>
        <select value={filter.kind} onChange={({ currentTarget }) => setQuery({ kind: currentTarget.value })}>
          <option value="">All kinds</option>
          {Object.entries(KIND_WORDS).map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <Export filter={filter} />
    </search>
  );
}

/** What the page shows, as far back as the node has kept it. */
function Export({ filter }: { readonly filter: EventFilter }) {
  const query = queryOf(filter);
  return (
    <a
      class="button"
      href={`${API}/events.jsonl${query === '' ? '' : `?${query}`}`}
      download="srrd-events.jsonl"
      title={
        query === '' ? 'All events that are kept, as JSON lines' : 'All events that pass the filter, as JSON lines'
      }
    >
      {query === '' ? 'Export all' : 'Export these'}
    </a>
  );
}

function History({ filter }: { readonly filter: EventFilter }) {
  const list = useRef<HTMLOListElement>(null);
  const { events, atEnd, loading, error, older } = useEvents(filter);
  const height = isNarrow.value ? 62 : 30;
  const heights = useMemo(() => events.map(() => height), [events, height]);
  const { first, end, above, below } = useWindowed(heights, list);
  return (
    <>
      {error !== null && (
        <Banner tone="bad" title="Not all events can be shown">
          {error}
        </Banner>
      )}
      {events.length === 0 && !loading && error === null && (
        <p class="muted">Nothing happened that passes the filter.</p>
      )}
      <ol class="events" ref={list} aria-label="Events, newest first" aria-busy={loading}>
        <SpacerItem height={above} />
        {events.slice(first, end).map((event) => (
          <EventRow key={event.seq} event={event} withService />
        ))}
        <SpacerItem height={below} />
      </ol>
      {!atEnd && events.length > 0 && (
        <p>
          <button type="button" onClick={older} disabled={loading}>
            {loading ? 'Asking …' : 'Older events'}
          </button>
        </p>
      )}
      {atEnd && events.length > 0 && <p class="muted">That is everything this node has kept.</p>}
    </>
  );
}
