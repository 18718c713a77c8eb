import { useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Banner } from '../../parts/banner.js';
import { Waiting } from '../../parts/waiting.js';
import { place, setQuery } from '../../routing/router.js';
import { nodeName } from '../../store/cluster.js';
import type { Page } from '../page.js';
import { choices, filterLsas, type KnownLsa, type LsaFilter, type Order, sortLsas, typeKey } from './known-lsas.js';
import { LsaDetail } from './lsa-detail.js';
import { LsaTable } from './lsa-table.js';
import { followLsdb, lsas, lsdbNotes, lsdbRouterId, lsdbTold } from './lsdb-store.js';
import './lsdb.css';

export const lsdbPage: Page = {
  pattern: '/lsdb',
  title: () => 'LSA database',
  component: LsdbPage,
  entry: 'LSA database',
};

function LsdbPage() {
  useEffect(followLsdb, []);
  const order = useSignal<Order>({ column: 'type', descending: false });
  // Sorted first: while somebody types, only the filter works.
  const all = useComputed(() => sortLsas([...lsas.value.values()], order.value));
  const filter = useComputed(() => place.value.query.toString());
  const sorted = useComputed(() => filterLsas(all.value, filterOf(new URLSearchParams(filter.value))));
  const selected = place.value.query.get('lsa');
  if (!lsdbTold.value) return <Waiting what="Asking the node for its LSAs" />;
  return (
    <>
      <h1>LSA database</h1>
      {lsdbRouterId.value === undefined && (
        <Banner tone="warn" title="No session with ospfd">
          This node knows no LSAs until ospfd answers again. The <a href="/node">doctor</a> says what may be wrong.
        </Banner>
      )}
      {lsdbNotes.value.length > 0 && (
        <Banner tone="warn" title="This list may lack something">
          <ul class="lsdb-notes">
            {lsdbNotes.value.map((note) => (
              <li key={note}>{inCode(note)}</li>
            ))}
          </ul>
        </Banner>
      )}
      <Filters />
      <p class="lsdb-count" role="status">
        <strong>{sorted.value.length.toLocaleString('en')}</strong> of {lsas.value.size.toLocaleString('en')} LSAs
        <span class="muted"> in the LSDB of this node. </span>
        <a href="/topology">The topology that they describe</a>
      </p>
      <div class={`lsdb ${selected === null ? '' : 'lsdb-split'}`}>
        <LsaTable
          lsas={sorted.value}
          selected={selected}
          order={order.value}
          onOrder={(next) => {
            order.value = next;
          }}
        />
        {selected !== null && <LsaDetail id={selected} version={versionOf(lsas.value.get(selected))} />}
      </div>
    </>
  );
}

/** Commands in a sentence stand between backticks. */
function inCode(text: string): ComponentChildren {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part));
}

function filterOf(query: URLSearchParams): LsaFilter {
  const value = (key: string): string => query.get(key) ?? '';
  return { type: value('type'), router: value('router'), area: value('area'), text: value('text') };
}

/** Another instance of the LSA is another version; null: it is gone. */
function versionOf(lsa: KnownLsa | undefined): string | null {
  return lsa === undefined ? null : `${lsa.sequence} ${lsa.checksum}`;
}

function Filters() {
  const filter = filterOf(place.value.query);
  const types = useComputed(() => typeChoices(lsas.value.values()));
  const routers = useComputed(() => choices(lsas.value.values(), (lsa) => lsa.advertisingRouter));
  const areas = useComputed(() => choices(lsas.value.values(), (lsa) => lsa.area ?? 'as'));
  const isAny = Object.values(filter).some((value) => value !== '');
  return (
    <form class="lsdb-filters" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
      <Choice name="type" label="Type" value={filter.type} choices={types.value} />
      <Choice
        name="router"
        label="Router"
        value={filter.router}
        choices={routers.value.map(([id, count]) => [id, count, routerWords(id)])}
      />
      <Choice
        name="area"
        label="Area"
        value={filter.area}
        choices={areas.value.map(([area, count]) => [area, count, area === 'as' ? 'AS scope' : area])}
      />
      <label>
        <span>Text</span>
        <input
          type="search"
          value={filter.text}
          placeholder="WEB started, 172.16.15.1, 0x8000…"
          onInput={({ currentTarget }) => setQuery({ text: currentTarget.value })}
        />
      </label>
      <button type="button" disabled={!isAny} onClick={() => setQuery({ type: '', router: '', area: '', text: '' })}>
        Show all
      </button>
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [key: string, count: number, words?: string])[];
}

function Choice({ name, label, value, choices: list }: ChoiceProps) {
  const isListed = value === '' || list.some(([key]) => key === value);
  return (
    <label>
      <span>{label}</span>
      <select name={name} value={value} onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}>
        <option value="">all</option>
        {!isListed && <option value={value}>{value} (none)</option>}
        {list.map(([key, count, words]) => (
          <option key={key} value={key}>
            {words ?? key} ({count})
          </option>
        ))}
      </select>
    </label>
  );
}

function typeChoices(all: Iterable<KnownLsa>): [string, number, string][] {
  const names = new Map<string, string>();
  const list = [...all];
  for (const lsa of list) {
    const opaque = lsa.opaqueType === null ? '' : `, opaque type ${lsa.opaqueType}`;
    names.set(typeKey(lsa), `${lsa.type} ${lsa.typeName}${opaque}`);
  }
  return choices(list, typeKey)
    .sort(([a], [b]) => Number(a.split('/')[0]) - Number(b.split('/')[0]))
    .map(([key, count]) => [key, count, names.get(key) ?? key]);
}

function routerWords(id: string): string {
  const name = nodeName(id);
  return name === id ? id : `${name} ${id}`;
}
