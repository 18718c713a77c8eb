import { formatIpv4, type Lsa } from 'ospfapi-shim';
import { type AreaGraph, areaGraphs, networkVertex } from './area-graph.js';
import { addressOf, PrefixTable } from './prefix.js';
import type { ReadLsa } from './read-lsa.js';
import { pathTo, type Reach, shortestPaths } from './spf.js';
import type { RouteKind } from './topology-document.js';

/** How a node gets to an address, as its LSDB says (RFC 2328 section 16). */
export interface Answer {
  readonly kind: RouteKind;
  readonly prefix: string;
  /** Of type 2 the external metric alone. */
  readonly cost: number;
  /** Vertices from here to the one that announces it. */
  readonly path: readonly string[];
}

export interface Forwarding {
  readonly areas: ReadonlyMap<string, AreaGraph>;
  /** The cost from here to a router or network; null: not reached. */
  distance(vertex: string): number | null;
  routeTo(address: string): Answer | undefined;
  /** Whose LSAs have exactly this host. */
  announcers(address: string): { router: string; lsa: string }[];
}

type External = Extract<Lsa, { kind: 'external' | 'nssa' }>;

/** A destination that an LSA describes, and what is needed to say how far it is. */
interface Destination {
  readonly lsa: string;
  readonly router: string;
  /** undefined: it cannot be reached. `order` sorts answers of one prefix. */
  readonly answer: () => (Omit<Answer, 'prefix'> & { readonly order: readonly number[] }) | undefined;
}

const HOST_MASK = 0xffff_ffff;

/** `routerId` null: nothing is reached. */
export function forwardingFrom(routerId: string | null, lsas: readonly ReadLsa[]): Forwarding {
  const areas = areaGraphs(lsas);
  const trees = new Map<string, ReadonlyMap<string, Reach>>();
  for (const [area, { edges }] of areas)
    trees.set(area, routerId === null ? new Map() : shortestPaths(edges, routerId));
  const table = new PrefixTable<Destination>();
  const nearest = (vertex: string) => nearestIn(trees.values(), vertex);

  for (const graph of areas.values()) addIntraArea(table, graph, trees.get(graph.area) ?? new Map());
  const boundaryRouters = new Map<string, { router: string; metric: number; area: string }[]>();
  for (const read of lsas) {
    const { meaning, advertisingRouter: router, area, linkStateId } = read;
    const { lsa } = meaning;
    // A border router calculates with the summaries of the backbone alone, and its own are for others (section 16.2).
    if (lsa.kind === 'summary' && area !== null && router !== routerId) {
      const tree = trees.get(area) ?? new Map<string, Reach>();
      table.add(linkStateId, lsa.mask, {
        lsa: read.name,
        router,
        answer: () => through('inter-area', 1, tree, router, lsa.metric),
      });
    } else if (lsa.kind === 'asbr-summary' && area !== null && router !== routerId) {
      const id = formatIpv4(linkStateId);
      boundaryRouters.set(id, [...(boundaryRouters.get(id) ?? []), { router, metric: lsa.metric, area }]);
    } else if (lsa.kind === 'external' || lsa.kind === 'nssa') {
      table.add(linkStateId, lsa.mask, { lsa: read.name, router, answer: () => external(lsa, router) });
    }
  }

  function external({ routes }: External, router: string) {
    const [route] = routes;
    if (route === undefined) return undefined;
    const { metricType, metric, forwardingAddress } = route;
    const before = forwardingAddress === 0 ? toBoundary(router) : routeTo(formatIpv4(forwardingAddress), true);
    if (before === undefined) return undefined;
    if (metricType === 1) {
      const cost = before.cost + metric;
      return { kind: 'external type 1' as const, cost, path: before.path, order: [2, cost] };
    }
    return { kind: 'external type 2' as const, cost: metric, path: before.path, order: [3, metric, before.cost] };
  }

  /** Within our areas, else by way of a border router (RFC 2328 section 16.4). */
  function toBoundary(router: string): { cost: number; path: readonly string[] } | undefined {
    const here = nearest(router);
    if (here !== undefined) return here;
    const ways = (boundaryRouters.get(router) ?? []).flatMap(({ router: border, metric, area }) => {
      const way = through('inter-area', 1, trees.get(area) ?? new Map(), border, metric);
      return way === undefined ? [] : [{ cost: way.cost, path: [...way.path, router] }];
    });
    return ways.sort((a, b) => a.cost - b.cost)[0];
  }

  function routeTo(text: string, internalOnly = false): Answer | undefined {
    const answers = new Map<Destination, ReturnType<Destination['answer']>>();
    const isUsable = (destination: Destination) => {
      const answer = destination.answer();
      answers.set(destination, answer);
      return answer !== undefined && (!internalOnly || answer.kind === 'intra-area' || answer.kind === 'inter-area');
    };
    const match = table.longest(addressOf(text), internalOnly ? (one) => isInternal(one) && isUsable(one) : isUsable);
    if (match === undefined) return undefined;
    const usable = match.values.flatMap((destination) => answers.get(destination) ?? []);
    const [best] = usable.sort((a, b) => compare(a.order, b.order));
    if (best === undefined) return undefined;
    return { kind: best.kind, prefix: match.prefix, cost: best.cost, path: best.path };
  }

  return {
    areas,
    distance: (vertex) => nearest(vertex)?.cost ?? null,
    routeTo,
    announcers: (address) =>
      table
        .exactly(addressOf(address), HOST_MASK)
        .map(({ router, lsa }) => ({ router, lsa }))
        .filter((one, index, all) => all.findIndex(({ lsa }) => lsa === one.lsa) === index),
  };
}

/** A forwarding address must not be looked up among external destinations (RFC 2328 section 16.4 step 3). */
function isInternal({ lsa }: Destination): boolean {
  return !lsa.startsWith('5_') && !lsa.startsWith('7_');
}

function addIntraArea(table: PrefixTable<Destination>, graph: AreaGraph, tree: ReadonlyMap<string, Reach>): void {
  const { area, routers, networks } = graph;
  for (const [id, { lsa, name }] of routers) {
    for (const link of lsa.links) {
      if (link.type !== 'stub') continue;
      const answer = () => through('intra-area', 0, tree, id, link.metric);
      table.add(link.id, link.data, { lsa: name, router: id, answer });
    }
  }
  for (const [designated, { lsa, name, address }] of networks) {
    const answer = () => through('intra-area', 0, tree, networkVertex(area, designated), 0);
    table.add(address, lsa.mask, { lsa: name, router: designated, answer });
  }
}

function through(
  kind: Answer['kind'],
  preference: number,
  tree: ReadonlyMap<string, Reach>,
  vertex: string,
  metric: number,
) {
  const reach = tree.get(vertex);
  const path = pathTo(tree, vertex);
  if (reach === undefined || path === undefined) return undefined;
  const cost = reach.distance + metric;
  return { kind, cost, path, order: [preference, cost] };
}

function nearestIn(trees: Iterable<ReadonlyMap<string, Reach>>, vertex: string) {
  const ways = [...trees].flatMap((tree) => {
    const reach = tree.get(vertex);
    const path = reach === undefined ? undefined : pathTo(tree, vertex);
    return reach === undefined || path === undefined ? [] : [{ cost: reach.distance, path }];
  });
  return ways.sort((a, b) => a.cost - b.cost)[0];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
