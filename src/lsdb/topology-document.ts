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
  readonly kind: RouteKind;
  /** What the address matched; `172.16.15.1/32` unless the service is not announced and something wider is. */
  readonly prefix: string;
  readonly cost: number;
  /** Routers and networks from here to the one that announces it. */
  readonly path: readonly string[];
}

/** In the order of preference of RFC 2328 section 11. */
export type RouteKind = 'intra-area' | 'inter-area' | 'external type 1' | 'external type 2';
