import { formatIpv4, type Ipv4, type Lsa } from 'ospfapi-shim';
import { formatPrefix } from './prefix.js';
import type { ReadLsa } from './read-lsa.js';
import type { Edge } from './spf.js';

type RouterLsa = Extract<Lsa, { kind: 'router' }>;
type NetworkLsa = Extract<Lsa, { kind: 'network' }>;

/** Routers and networks of one area, as their LSAs describe them (RFC 2328 section 2.1). */
export interface AreaGraph {
  readonly area: string;
  /** By router ID. */
  readonly routers: ReadonlyMap<string, { readonly lsa: RouterLsa; readonly name: string }>;
  /** By the designated router's address. */
  readonly networks: ReadonlyMap<
    string,
    { readonly lsa: NetworkLsa; readonly name: string; readonly prefix: string; readonly address: Ipv4 }
  >;
  /** What each vertex says it is linked to, and what of it the other end says too (RFC 2328 section 16.1 step 2b). */
  readonly claims: ReadonlyMap<string, readonly Edge[]>;
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
}

/** Router IDs are vertices as they are; networks need the area, since addresses may occur in two. */
export function networkVertex(area: string, designated: string): string {
  return `${area}/${designated}`;
}

export function areaGraphs(lsas: readonly ReadLsa[]): ReadonlyMap<string, AreaGraph> {
  const areas = new Set(lsas.flatMap(({ type, area }) => (area !== null && type <= 2 ? [area] : [])));
  return new Map([...areas].sort().map((area) => [area, areaGraph(area, lsas)]));
}

function areaGraph(area: string, lsas: readonly ReadLsa[]): AreaGraph {
  const routers = new Map<string, { lsa: RouterLsa; name: string }>();
  const networks = new Map<string, { lsa: NetworkLsa; name: string; prefix: string; address: Ipv4 }>();
  for (const read of lsas) {
    if (read.area !== area) continue;
    const { lsa } = read.meaning;
    if (lsa.kind === 'router') routers.set(read.advertisingRouter, { lsa, name: read.name });
    if (lsa.kind === 'network') {
      const address = read.linkStateId;
      const prefix = formatPrefix(address, lsa.mask);
      networks.set(formatIpv4(address), { lsa, name: read.name, prefix, address });
    }
  }
  const claims = new Map<string, Edge[]>();
  for (const [id, { lsa }] of routers) claims.set(id, routerEdges(area, lsa));
  for (const [designated, { lsa }] of networks) {
    const edges = lsa.attachedRouters.map((router) => ({ to: formatIpv4(router), cost: 0 }));
    claims.set(networkVertex(area, designated), edges);
  }
  return { area, routers, networks, claims, edges: linkedBack(claims) };
}

function routerEdges(area: string, { links }: RouterLsa): Edge[] {
  return links.flatMap(({ type, id, metric }) => {
    if (type === 'transit') return [{ to: networkVertex(area, formatIpv4(id)), cost: metric }];
    return type === 'point-to-point' || type === 'virtual' ? [{ to: formatIpv4(id), cost: metric }] : [];
  });
}

function linkedBack(claims: ReadonlyMap<string, readonly Edge[]>): Map<string, Edge[]> {
  const said = new Set<string>();
  for (const [from, list] of claims) for (const { to } of list) said.add(`${from} ${to}`);
  return new Map([...claims].map(([from, list]) => [from, list.filter(({ to }) => said.has(`${to} ${from}`))]));
}
