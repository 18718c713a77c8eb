import type { JSX } from 'preact';
import { place } from '../../routing/router.js';
import { nodeNow } from '../../store/clock.js';
import { nodeName } from '../../store/cluster.js';
import { ageAt, COLUMNS, type Column, type KnownLsa, type Order } from './known-lsas.js';
import { VirtualList } from './virtual-list.js';

/** In pixels; `.lsdb-row` in lsdb.css has the same. */
const ROW_HEIGHT = 30;

const TITLES: Readonly<Record<Column, string>> = {
  type: 'Type',
  linkStateId: 'Link state ID',
  advertisingRouter: 'Router',
  area: 'Area',
  age: 'Age',
  sequence: 'Sequence',
  length: 'Bytes',
  words: 'What it says',
};

export interface LsaTableProps {
  readonly lsas: readonly KnownLsa[];
  readonly selected: string | null;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

export function LsaTable({ lsas, selected, order, onOrder }: LsaTableProps) {
  return (
    <VirtualList
      items={lsas}
      keyOf={({ id }) => id}
      rowHeight={ROW_HEIGHT}
      label="LSAs"
      columns={COLUMNS.length}
      shown={selected}
      head={<Head order={order} onOrder={onOrder} />}
      row={(lsa, index) => rowOf(lsa, index, lsa.id === selected)}
    />
  );
}

function Head({ order, onOrder }: Pick<LsaTableProps, 'order' | 'onOrder'>) {
  return (
    <thead>
      <tr class="lsdb-row lsdb-head" aria-rowindex={1}>
        {COLUMNS.map((column) => (
          <th
            key={column}
            scope="col"
            class={`lsdb-${column}`}
            aria-sort={order.column === column ? (order.descending ? 'descending' : 'ascending') : 'none'}
          >
            <button
              type="button"
              class="lsdb-sort"
              onClick={() => onOrder({ column, descending: order.column === column && !order.descending })}
            >
              {TITLES[column]}
              {order.column === column && <span aria-hidden="true">{order.descending ? ' ▾' : ' ▴'}</span>}
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The same element for the same row: what did not change is not compared again. */
const rows = new WeakMap<KnownLsa, { readonly key: string; readonly element: JSX.Element }>();

function rowOf(lsa: KnownLsa, index: number, isSelected: boolean): JSX.Element {
  const key = `${index} ${isSelected} ${place.value.query}`;
  const known = rows.get(lsa);
  if (known?.key === key) return known.element;
  const element = <Row key={lsa.id} lsa={lsa} index={index} isSelected={isSelected} />;
  rows.set(lsa, { key, element });
  return element;
}

function Row({
  lsa,
  index,
  isSelected,
}: {
  readonly lsa: KnownLsa;
  readonly index: number;
  readonly isSelected: boolean;
}) {
  const scope = lsa.area === null ? 'AS' : lsa.link === null ? lsa.area : `${lsa.area} at ${lsa.link}`;
  return (
    <tr class={`lsdb-row ${isSelected ? 'lsdb-selected' : ''}`} aria-rowindex={index + 2} data-lsa={lsa.id}>
      <td class="lsdb-type" title={lsa.opaqueType === null ? undefined : `opaque type ${lsa.opaqueType}`}>
        {lsa.type} {lsa.typeName}
      </td>
      <td class="lsdb-linkStateId mono">
        <a href={hrefOf(lsa.id)} {...(isSelected ? { 'aria-current': 'true' as const } : {})}>
          {lsa.linkStateId}
        </a>
      </td>
      <td class="lsdb-advertisingRouter" title={lsa.advertisingRouter}>
        {nodeName(lsa.advertisingRouter)}
        {lsa.own && <span class="tag">own</span>}
      </td>
      <td class="lsdb-area mono">{scope}</td>
      <td class="lsdb-age mono">
        <Age lsa={lsa} />
      </td>
      <td class="lsdb-sequence mono">{lsa.sequence}</td>
      <td class="lsdb-length mono">{lsa.length}</td>
      <td class="lsdb-words" title={lsa.words}>
        {lsa.words}
      </td>
    </tr>
  );
}

/** A component of its own: each second only the visible ages are drawn anew. */
export function Age({ lsa }: { readonly lsa: KnownLsa }) {
  return <>{ageAt(lsa, nodeNow.value)} s</>;
}

/** The same list, with this LSA beside it. */
export function hrefOf(id: string | null): string {
  const query = new URLSearchParams(place.value.query);
  if (id === null) query.delete('lsa');
  else query.set('lsa', id);
  const text = query.toString();
  return text === '' ? '/lsdb' : `/lsdb?${text}`;
}
