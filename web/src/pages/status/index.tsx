import { useMemo, useRef } from 'preact/hooks';
import type { NodeStatus } from '../../api/types.js';
import { groups } from '../../model/groups-now.js';
import { isNarrow } from '../../parts/media.js';
import { SpacerRow } from '../../parts/spacer-row.js';
import { Waiting } from '../../parts/waiting.js';
import { useWindowed } from '../../parts/windowed.js';
import { place, setQuery } from '../../routing/router.js';
import { type ClusterPicture, isHere, picture } from '../../store/cluster.js';
import type { Page } from '../page.js';
import { heightOf, isTroubled, rowsOf, type StatusFilter, type StatusRow } from './rows.js';
import { GroupRow, ServiceRow } from './table-rows.js';

export const statusPage: Page = {
  pattern: '/status',
  title: () => 'Service status',
  component: StatusPage,
  entry: 'Service status',
};

function StatusPage() {
  const data = picture.value;
  const { query } = place.value;
  const text = query.get('text') ?? '';
  const only = readOnly(query.get('only'));
  return (
    <>
      <div class="title-line">
        <h1>Service status</h1>
        <Filter text={text} only={only} />
      </div>
      {data === null ? <Waiting what="Asking the node" /> : <StatusTable data={data} filter={{ text, only }} />}
    </>
  );
}

function readOnly(value: string | null): StatusFilter['only'] {
  return value === 'wrong' || value === 'moving' ? value : 'all';
}

function Filter({ text, only }: StatusFilter) {
  return (
    <search class="filters">
      <label>
        <span class="hidden">Filter by name, group, address or failure</span>
        <input
          type="search"
          placeholder="Name, group, address, failure"
          value={text}
          onInput={({ currentTarget }) => setQuery({ text: currentTarget.value })}
        />
      </label>
      <label>
        <span class="hidden">Which groups</span>
        <select
          value={only}
          onChange={({ currentTarget }) => setQuery({ only: currentTarget.value === 'all' ? '' : currentTarget.value })}
        >
          <option value="all">All groups</option>
          <option value="wrong">With something wrong</option>
          <option value="moving">Starting or moving</option>
        </select>
      </label>
    </search>
  );
}

function StatusTable({
  data,
  filter: { text, only },
}: {
  readonly data: ClusterPicture;
  readonly filter: StatusFilter;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const narrow = isNarrow.value;
  const all = groups.value;
  const rows = useMemo(() => rowsOf(all, { text, only }), [all, text, only]);
  const heights = useMemo(() => rows.map((row) => heightOf(row, data.nodes, narrow)), [rows, data.nodes, narrow]);
  const { first, end, above, below } = useWindowed(heights, body);
  if (data.services.size === 0) {
    return (
      <p>
        No service is configured on any node that this one reaches. <a href="/new-definition">Add the first</a>.
      </p>
    );
  }
  if (rows.length === 0) return <p class="muted">Nothing passes the filter.</p>;
  const columns = data.nodes.length + 1;
  return (
    <table class="status-table" aria-rowcount={rows.length + 1}>
      <colgroup>
        <col class="service-column" />
        {data.nodes.map(({ routerId }) => (
          <col key={routerId} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col">Service</th>
          {data.nodes.map((node) => (
            <NodeHead key={node.routerId} node={node} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <SpacerRow height={above} columns={columns} />
        {rows.slice(first, end).map((row, index) => (
          <Row key={row.key} row={row} index={first + index + 2} nodes={data.nodes} />
        ))}
        <SpacerRow height={below} columns={columns} />
      </tbody>
    </table>
  );
}

function NodeHead({ node }: { readonly node: NodeStatus }) {
  return (
    <th scope="col">
      <span class={`dot ${node.reachable ? '' : 'dot-bad'}`} aria-hidden="true" /> {node.name}
      <span class="mono muted node-id">{node.routerId}</span>
      {isHere(node.routerId) && <span class="tag">this node</span>}
      {!node.reachable && <span class="bad-text"> unreachable</span>}
      {node.standby && <span class="tag">standby</span>}
    </th>
  );
}

interface RowProps {
  readonly row: StatusRow;
  readonly index: number;
  readonly nodes: readonly NodeStatus[];
}

function Row({ row, index, nodes }: RowProps) {
  if (row.kind === 'group') return <GroupRow group={row.group} index={index} nodes={nodes} />;
  return (
    <ServiceRow
      service={row.service}
      single={row.single}
      index={index}
      nodes={nodes}
      tall={row.service.replicas.some(isTroubled)}
    />
  );
}
