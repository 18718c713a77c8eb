import { EventRow } from '../../parts/event-row.js';
import { useEvents } from '../../store/events.js';

/** The last things that happened to the service, on all nodes, newest first. */
export function Timeline({ name }: { readonly name: string }) {
  const { events, loading, error } = useEvents({ service: name, node: '', kind: '', text: '' });
  return (
    <section class="panel" aria-labelledby="timeline-title">
      <div class="title-line">
        <h2 id="timeline-title">Timeline</h2>
        <a href={`/events?service=${encodeURIComponent(name)}`}>All its events</a>
      </div>
      {error !== null && <p class="bad-text">{error}</p>}
      {events.length === 0 && !loading && error === null && <p class="muted">This node has kept no event of {name}.</p>}
      <ol class="events events-short">
        {events.slice(0, 30).map((event) => (
          <EventRow key={event.seq} event={event} withService={false} />
        ))}
      </ol>
    </section>
  );
}
