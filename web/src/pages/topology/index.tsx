import { useEffect } from 'preact/hooks';
import type { TopologyAddress, TopologyDocument } from '../../api/types.js';
import { Banner } from '../../parts/banner.js';
import { Waiting } from '../../parts/waiting.js';
import { place, setQuery } from '../../routing/router.js';
import { nodeName } from '../../store/cluster.js';
import type { Page } from '../page.js';
import { Drawing } from './drawing.js';
import { followTopology, topology, topologyTrouble } from './topology-store.js';
import './topology.css';

export const topologyPage: Page = {
  pattern: '/topology',
  title: () => 'Topology',
  component: TopologyPage,
  entry: 'Topology',
};

function TopologyPage() {
  useEffect(followTopology, []);
  const document = topology.value;
  const trouble = topologyTrouble.value;
  const wanted = place.value.query.get('to');
  const chosen = document?.addresses.find(({ address }) => address === wanted) ?? null;
  return (
    <>
      <h1>Topology</h1>
      {trouble !== null && (
        <Banner tone="bad" title="The topology cannot be had">
          {trouble}
        </Banner>
      )}
      {document === null && trouble === null && <Waiting what="Asking the node for the topology" />}
      {document !== null && document.routerId === null && (
        <Banner tone="warn" title="No session with ospfd">
          This node knows no LSAs until ospfd answers again.
        </Banner>
      )}
      {document !== null && document.routerId !== null && (
        <>
          <p class="muted">
            {counts(document)}. Drawn from <a href="/lsdb">the LSAs of this node</a>; numbers at the lines are costs.
          </p>
          <Chooser document={document} value={wanted ?? ''} />
          {chosen !== null && <PathWords address={chosen} document={document} />}
          <Drawing document={document} path={chosen?.route?.path ?? []} />
        </>
      )}
    </>
  );
}

function counts({ routers, networks, areas, addresses }: TopologyDocument): string {
  const reached = routers.filter(({ distance }) => distance !== null).length;
  const areaWords = areas.length === 1 ? `area ${areas[0]}` : `${areas.length} areas`;
  return `${reached} of ${routers.length} routers reached, ${networks.length} ${networks.length === 1 ? 'network' : 'networks'}, ${areaWords}, ${addresses.length} ${addresses.length === 1 ? 'address' : 'addresses'} of services`;
}

function Chooser({ document, value }: { readonly document: TopologyDocument; readonly value: string }) {
  return (
    <label class="path-chooser">
      <span>The path from here to</span>
      <select value={value} onChange={({ currentTarget }) => setQuery({ to: currentTarget.value })}>
        <option value="">no service</option>
        {document.addresses.map(({ address, services }) => (
          <option key={address} value={address}>
            {services.join(', ')} {address}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PathProps {
  readonly address: TopologyAddress;
  readonly document: TopologyDocument;
}

function PathWords({ address: { address, services, startedAt, announcedBy, route }, document }: PathProps) {
  const announcers = [...new Set(announcedBy.map(({ router }) => router))];
  return (
    <section class="panel" aria-labelledby="path-title">
      <h2 id="path-title">
        {services.join(', ')} <span class="mono">{address}</span>
      </h2>
      <p>
        {startedAt.length === 0
          ? 'Started nowhere'
          : `Started at ${startedAt.map((id) => called(id, document.routers)).join(', ')}`}
        ;{' '}
        {announcers.length === 0 ? (
          'nobody announces a route to it'
        ) : (
          <>
            announced by{' '}
            {announcedBy.map(({ router, lsa }, index) => (
              <>
                {index > 0 && ', '}
                <a href={`/lsdb?lsa=${encodeURIComponent(lsa)}`}>{called(router, document.routers)}</a>
              </>
            ))}
          </>
        )}
        .
      </p>
      {route === null ? (
        <p class="bad-text">There is no path to it from here.</p>
      ) : (
        <>
          <p>
            {route.kind} route <span class="mono">{route.prefix}</span> at cost {route.cost}
            {!route.prefix.endsWith('/32') && (
              <span class="warn-text">: not the service’s own, but what contains it</span>
            )}
          </p>
          <ol class="path">
            {route.path.map((id) => (
              <li key={id}>{vertexWords(id, document)}</li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** What its srrd says, which may run in another cluster; else what this cluster says. */
function called(id: string, routers: TopologyDocument['routers']): string {
  return routers.find((router) => router.id === id)?.name ?? nodeName(id);
}

function vertexWords(id: string, { networks, routers, routerId }: TopologyDocument): string {
  const network = networks.find((candidate) => candidate.id === id);
  if (network !== undefined) return network.prefix;
  const name = called(id, routers);
  return id === routerId ? `${name} (this node)` : name;
}
