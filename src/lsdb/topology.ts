import { type AreaGraph, networkVertex } from './area-graph.js';
import { type Answer, type Forwarding, forwardingFrom } from './forwarding.js';
import type { ReadLsa } from './read-lsa.js';
import { announcedServices } from './service-addresses.js';

/** The network as this node's LSDB has it. Addresses are dotted quads. */
export interface TopologyDocument {
  /** ISO 8601. */
  readonly generatedAt: string;
  /** null: there is no session with ospfd. */
  readonly routerId: string | null;
  readonly areas: readonly string[];
  readonly routers: readonly TopologyRouter[];
  /** Networks with a designated router (RFC 2328 section 2.1). */
  readonly networks: readonly TopologyNetwork[];
  readonly links: readonly TopologyLink[];
  readonly addresses: readonly TopologyAddress[];
}

export interface TopologyRouter {
  /** The router ID. */
  readonly id: string;
  /** What its srrd calls itself; null: none runs there. */
  readonly name: string | null;
  readonly areas: readonly string[];
  readonly areaBorderRouter: boolean;
  readonly asBoundaryRouter: boolean;
  /** The cost from here; null: not reached. */
  readonly distance: number | null;
  /** Its Router LSAs. */
  readonly lsas: readonly string[];
  /** How many stub networks and hosts it announces. */
  readonly stubs: number;
}

export interface TopologyNetwork {
  /** The vertex: area and the designated router's address. */
  readonly id: string;
  readonly prefix: string;
  readonly area: string;
  readonly distance: number | null;
  readonly lsa: string;
}

/** One direction. From a network to a router the cost is 0. Links that are not linked back are marked. */
export interface TopologyLink {
  readonly from: string;
  readonly to: string;
  readonly area: string;
  readonly cost: number;
  readonly mutual: boolean;
}

/** An address of a service, whether announced by routing or not. */
export interface TopologyAddress {
  readonly address: string;
  /** Names of the services that have it. */
  readonly services: readonly string[];
  /** Router IDs of the nodes whose replica says that it is started. */
  readonly startedAt: readonly string[];
  /** Who announces a route to it, and by which LSA. */
  readonly announcedBy: readonly { readonly router: string; readonly lsa: string }[];
  /** How this node gets there; null: it does not. */
  readonly route: TopologyRoute | null;
}

export interface TopologyRoute {
  readonly kind: Answer['kind'];
  /** What the address matched; `172.16.15.1/32` unless the service is not announced and something wider is. */
  readonly prefix: string;
  readonly cost: number;
  /** Routers and networks from here to the one that announces it. */
  readonly path: readonly string[];
}

export interface TopologySource {
  readonly generatedAt: string;
  readonly routerId: string | null;
  readonly lsas: readonly ReadLsa[];
}

/** Pure: the same LSAs give the same document. */
export function topologyOf({ generatedAt, routerId, lsas }: TopologySource): TopologyDocument {
  const services = announcedServices(lsas);
  const forwarding = forwardingFrom(routerId, lsas);
  const graphs = [...forwarding.areas.values()];
  return {
    generatedAt,
    routerId,
    areas: graphs.map(({ area }) => area),
    routers: routersOf(graphs, forwarding, services.nodeNames),
    networks: graphs.flatMap((graph) => networksOf(graph, forwarding)),
    links: graphs.flatMap(linksOf),
    addresses: [...services.addresses].map(([address, { services: names, startedAt }]) => ({
      address,
      services: names,
      startedAt,
      announcedBy: forwarding.announcers(address),
      route: routeTo(address, forwarding),
    })),
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
