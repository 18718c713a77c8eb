import {
  encodeLsaBody,
  type Ipv4,
  type Lsa,
  type LsaInstance,
  type LsdbMirror,
  lsaIdentity,
  parseIpv4,
} from 'ospfapi-shim';
import { lsaInstance } from '../../flooding/testing/fake-ospfd.js';
import { lsaId } from '../identity.js';
import { meaningOf } from '../meaning.js';
import { type ReadLsa, readLsa } from '../read-lsa.js';

/** The dotted quad as a number. */
export function address(text: string): Ipv4 {
  const value = parseIpv4(text);
  if (value === undefined) throw new Error(`${text} is no address`);
  return value;
}

/** `transit 10.1.1.1 10`, `point-to-point 10.0.0.2 5`, `stub 172.16.15.1/32 0`, as one Router LSA. */
export function routerLsa(id: string, links: readonly string[], options: { area?: string; flags?: number } = {}) {
  const { area = '0.0.0.0', flags = 0 } = options;
  return made(1, id, id, area, {
    kind: 'router',
    flags,
    virtualLinkEndpoint: (flags & 4) !== 0,
    asBoundaryRouter: (flags & 2) !== 0,
    areaBorderRouter: (flags & 1) !== 0,
    links: links.map(link),
  });
}

export function networkLsa(
  designated: string,
  by: string,
  length: number,
  routers: readonly string[],
  area = '0.0.0.0',
) {
  return made(2, designated, by, area, {
    kind: 'network',
    mask: maskOf(length),
    attachedRouters: routers.map(address),
  });
}

export function summaryLsa(prefix: string, by: string, metric: number, area = '0.0.0.0') {
  const [network = '', length = '32'] = prefix.split('/');
  return made(3, network, by, area, { kind: 'summary', mask: maskOf(Number(length)), metric, tosMetrics: [] });
}

export function asbrSummaryLsa(router: string, by: string, metric: number, area = '0.0.0.0') {
  return made(4, router, by, area, { kind: 'asbr-summary', mask: address('0.0.0.0'), metric, tosMetrics: [] });
}

export function externalLsa(prefix: string, by: string, metricType: 1 | 2, metric: number, forwarding = '0.0.0.0') {
  const [network = '', length = '32'] = prefix.split('/');
  const route = { tos: 0, metricType, metric, forwardingAddress: address(forwarding), tag: 0 };
  return made(5, network, by, null, { kind: 'external', mask: maskOf(Number(length)), routes: [route] });
}

export function opaqueLsa(type: 9 | 10 | 11, linkStateId: string, by: string, body: Uint8Array): LsaInstance {
  return lsaInstance({
    type,
    linkStateId: address(linkStateId),
    advertisingRouter: address(by),
    body,
    area: type === 11 ? null : address('0.0.0.0'),
    interfaceAddress: type === 9 ? address('10.9.1.2') : null,
  });
}

export function read(lsa: LsaInstance): ReadLsa {
  return readLsa(lsa, meaningOf(lsa, 'default'));
}

/** A mirror that holds these. */
export function mirrorOf(lsas: readonly LsaInstance[]): Pick<LsdbMirror, 'list' | 'get'> {
  const byId = new Map(lsas.map((lsa) => [lsaId(lsaIdentity(lsa)), lsa]));
  return {
    get: (identity) => byId.get(lsaId(identity)),
    list: (filter = {}) =>
      [...byId.values()].filter(
        ({ header, area }) =>
          (filter.type === undefined || header.type === filter.type) &&
          (filter.area === undefined || area === filter.area) &&
          (filter.linkStateId === undefined || header.linkStateId === filter.linkStateId) &&
          (filter.advertisingRouter === undefined || header.advertisingRouter === filter.advertisingRouter),
      ),
  };
}

function made(type: number, linkStateId: string, by: string, area: string | null, lsa: Lsa): LsaInstance {
  return lsaInstance({
    type,
    linkStateId: address(linkStateId),
    advertisingRouter: address(by),
    body: encodeLsaBody(lsa),
    area: area === null ? null : address(area),
  });
}

const LINK_TYPES = { 'point-to-point': 1, transit: 2, stub: 3, virtual: 4 } as const;

function link(text: string) {
  const [type, to = '', metric] = text.split(' ') as [keyof typeof LINK_TYPES, string, string];
  const [id = '', length] = to.split('/');
  const data = length === undefined ? address('10.9.9.9') : maskOf(Number(length));
  return { type, typeNumber: LINK_TYPES[type], id: address(id), data, metric: Number(metric), tosMetrics: [] };
}

function maskOf(length: number): Ipv4 {
  return (length === 0 ? 0 : (-1 << (32 - length)) >>> 0) as Ipv4;
}
