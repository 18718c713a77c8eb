import { type AreaGraph, networkVertex } from './area-graph.js';
import { type Forwarding, forwardingFrom } from './forwarding.js';
import type { ReadLsa } from './read-lsa.js';
import { announcedServices } from './service-addresses.js';
import type {
  TopologyAddress,
  TopologyDocument,
  TopologyLink,
  TopologyNetwork,
  TopologyRoute,
  TopologyRouter,
} from './topology-document.js';

export interface TopologySource {
  readonly generatedAt: string;
  readonly routerId: string | null;
  readonly lsas: readonly ReadLsa[];
}

/** So many addresses are looked up in one step. */
const ADDRESSES_IN_A_STEP = 50;

/** Pure: the same LSAs give the same document. In steps of a few milliseconds, for those who have other work in between. */
export function* topologySteps({
  generatedAt,
  routerId,
  lsas,
}: TopologySource): Generator<undefined, TopologyDocument> {
  const services = announcedServices(lsas);
  yield;
  const forwarding = forwardingFrom(routerId, lsas);
  yield;
  const addresses: TopologyAddress[] = [];
  for (const [address, { services: names, startedAt }] of services.addresses) {
    if (addresses.length % ADDRESSES_IN_A_STEP === ADDRESSES_IN_A_STEP - 1) yield;
    const announcedBy = forwarding.announcers(address);
    addresses.push({ address, services: names, startedAt, announcedBy, route: routeTo(address, forwarding) });
  }
  yield;
  const graphs = [...forwarding.areas.values()];
  return {
    generatedAt,
    routerId,
    areas: graphs.map(({ area }) => area),
    routers: routersOf(graphs, forwarding, services.nodeNames),
    networks: graphs.flatMap((graph) => networksOf(graph, forwarding)),
    links: graphs.flatMap(linksOf),
    addresses,
  };
}

function routersOf(
  graphs: readonly AreaGraph[],
  forwarding: Forwarding,
  names: ReadonlyMap<string, string>,
): TopologyRouter[] {
  const ids = new Set(graphs.flatMap(({ routers }) => [...routers.keys()]));
  return [...ids].map((id) => {
    const seen = graphs.flatMap(({ area, routers }) => {
      const router = routers.get(id);
      return router === undefined ? [] : [{ area, ...router }];
    });
    return {
      id,
      name: names.get(id) ?? null,
      areas: seen.map(({ area }) => area),
      areaBorderRouter: seen.some(({ lsa }) => lsa.areaBorderRouter),
      asBoundaryRouter: seen.some(({ lsa }) => lsa.asBoundaryRouter),
      distance: forwarding.distance(id),
      lsas: seen.map(({ name }) => name),
      stubs: seen.reduce((sum, { lsa }) => sum + lsa.links.filter(({ type }) => type === 'stub').length, 0),
    };
  });
}

function networksOf({ area, networks }: AreaGraph, forwarding: Forwarding): TopologyNetwork[] {
  return [...networks].map(([designated, { prefix, name }]) => {
    const id = networkVertex(area, designated);
    return { id, prefix, area, distance: forwarding.distance(id), lsa: name };
  });
}

function linksOf({ area, claims, edges }: AreaGraph): TopologyLink[] {
  return [...claims].flatMap(([from, list]) =>
    list.map(({ to, cost }) => ({
      from,
      to,
      area,
      cost,
      mutual: edges.get(from)?.some((edge) => edge.to === to) ?? false,
    })),
  );
}

function routeTo(address: string, forwarding: Forwarding): TopologyRoute | null {
  const answer = forwarding.routeTo(address);
  if (answer === undefined) return null;
  return { kind: answer.kind, prefix: answer.prefix, cost: answer.cost, path: answer.path };
}
