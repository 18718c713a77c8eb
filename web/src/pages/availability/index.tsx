import { useMemo, useRef } from 'preact/hooks';
import type { AvailabilityDocument } from '../../api/types.js';
import { useResource } from '../../parts/resource.js';
import { ResourceTrouble } from '../../parts/resource-trouble.js';
import { SpacerItem } from '../../parts/spacer-row.js';
import { Waiting } from '../../parts/waiting.js';
import { useWindowed } from '../../parts/windowed.js';
import { place, setQuery } from '../../routing/router.js';
import { nodeName, nodes } from '../../store/cluster.js';
import type { Page } from '../page.js';
import { Strip } from './strip.js';
import { ownerClass, percent } from './words.js';
import './availability.css';

export const availabilityPage: Page = {
  pattern: '/availability',
  title: () => 'Availability',
  component: AvailabilityPage,
  entry: 'Availability',
};

const PERIODS: readonly [hours: string, words: string][] = [
  ['24', 'Last day'],
  ['168', 'Last week'],
];

const ROW_PX = 34;

function AvailabilityPage() {
  const { query } = place.value;
  const hours = query.get('hours') === '168' ? '168' : '24';
  const text = query.get('text') ?? '';
  const { data, error, loading, reload } = useResource<AvailabilityDocument>(`/availability?hours=${hours}`);
  return (
    <>
      <div class="title-line">
        <h1>Availability</h1>
        <search class="filters">
          <label>
            <span class="hidden">Service</span>
            <input
              type="search"
              class="short"
              placeholder="Service"
              value={text}
              onInput={({ currentTarget }) => setQuery({ text: currentTarget.value })}
            />
          </label>
          <label>
            <span class="hidden">Period</span>
            <select value={hours} onChange={({ currentTarget }) => setQuery({ hours: currentTarget.value })}>
              {PERIODS.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <button type="button" onClick={reload} disabled={loading}>
            {loading ? 'Asking …' : 'Ask again'}
          </button>
        </search>
      </div>
      {error !== null && <ResourceTrouble error={error} what="Who had the services" reload={reload} />}
      {data === null && error === null && <Waiting what="Asking the node" />}
      {data !== null && <Services document={data} text={text} />}
    </>
  );
}

function Services({ document, text }: { readonly document: AvailabilityDocument; readonly text: string }) {
  const list = useRef<HTMLOListElement>(null);
  const wanted = text.toLowerCase();
  const services = useMemo(
    () => document.services.filter(({ service }) => service.toLowerCase().includes(wanted)),
    [document, wanted],
  );
  const heights = useMemo(() => services.map(() => ROW_PX), [services]);
  const { first, end, above, below } = useWindowed(heights, list);
  return (
    <>
      <Legend />
      {services.length === 0 && <p class="muted">This node has heard of no service that ran in this time.</p>}
      <ol class="strips" ref={list} aria-label="Who had each service">
        <SpacerItem height={above} />
        {services.slice(first, end).map((each) => (
          <li key={each.service} class="strip-row" data-service={each.service}>
            <a class="strip-name" href={`/services/${encodeURIComponent(each.service)}`}>
              {each.service}
            </a>
            <Strip spans={each.spans} since={document.since} until={document.until} />
            <span class="strip-share mono">{each.share === null ? '–' : percent(each.share)}</span>
          </li>
        ))}
        <SpacerItem height={below} />
      </ol>
      <p class="muted">
        From what this node has heard and kept. What an operator took away is no outage, and what is not known counts
        neither way.
      </p>
    </>
  );
}

function Legend() {
  return (
    <ul class="strip-legend">
      {nodes.value.map(({ routerId }) => (
        <li key={routerId}>
          <span class={`strip-sample ${ownerClass(routerId, nodes.value)}`} /> {nodeName(routerId)}
        </li>
      ))}
      <li>
        <span class="strip-sample strip-outage" /> outage
      </li>
      <li>
        <span class="strip-sample strip-planned" /> taken away by an operator
      </li>
      <li>
        <span class="strip-sample strip-unknown" /> not known
      </li>
    </ul>
  );
}
