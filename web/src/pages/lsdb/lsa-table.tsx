import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { SpacerRow } from '../../parts/spacer-row.js';
import { useWindowed } from '../../parts/windowed.js';
import { place } from '../../routing/router.js';
import { nodeNow } from '../../store/clock.js';
import { nodeName } from '../../store/cluster.js';
import { ageAt, COLUMNS, type Column, type KnownLsa, type Order } from './known-lsas.js';

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
  const box = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const heights = useMemo(() => new Array<number>(lsas.length).fill(ROW_HEIGHT), [lsas.length]);
  const { first, end, above, below } = useWindowed(heights, body, box);
  const index = selected === null ? -1 : lsas.findIndex(({ id }) => id === selected);
  const wasShown = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (index < 0 || box.current === null || wasShown.current === selected) return;
    wasShown.current = selected;
    bringIntoView(box.current, index * ROW_HEIGHT);
  }, [selected, index]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section ref={box} class="lsdb-list" aria-label="LSAs" tabIndex={0}>
      <table aria-label="LSAs" aria-rowcount={lsas.length + 1} aria-colcount={COLUMNS.length}>
        <Head order={order} onOrder={onOrder} />
        <tbody ref={body}>
          <SpacerRow height={above} columns={COLUMNS.length} />
          {lsas.slice(first, end).map((lsa, offset) => rowOf(lsa, first + offset, lsa.id === selected))}
          <SpacerRow height={below} columns={COLUMNS.length} />
        </tbody>
      </table>
    </section>
  );
}

/** Scrolls only if the row at `top` pixels is not seen; the head covers the height of one row. */
function bringIntoView(box: HTMLElement, top: number): void {
  const visible = box.clientHeight - ROW_HEIGHT;
  if (top < box.scrollTop || top + ROW_HEIGHT > box.scrollTop + visible) {
    box.scrollTop = Math.max(0, top - visible / 2);
  }
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
