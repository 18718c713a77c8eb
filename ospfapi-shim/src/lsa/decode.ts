import type { Ipv4 } from '../ipv4.js';
import type { LsaHeader } from '../lsa-header.js';
import { type Malformed, malformed } from '../wire/malformed.js';
import { Reader } from '../wire/reader.js';
import { type ExternalRoute, type Lsa, ROUTER_LINK_TYPES, type RouterLink, type TosMetric } from './lsa.js';

/** The meaning of an LSA's body; type and link state ID are taken from the header. Never throws. */
export function decodeLsa(header: Pick<LsaHeader, 'type' | 'linkStateId'>, body: Uint8Array): Lsa | Malformed {
  const r = new Reader(body);
  switch (header.type) {
    case 1:
      return complete('Router LSA', r, readRouter(r));
    case 2:
      return complete('Network LSA', r, {
        kind: 'network',
        mask: r.ipv4(),
        attachedRouters: readToEnd(r, readAddress),
      });
    case 3:
      return complete('Summary LSA', r, { kind: 'summary', ...readSummary(r) });
    case 4:
      return complete('ASBR Summary LSA', r, { kind: 'asbr-summary', ...readSummary(r) });
    case 5:
      return complete('AS-external LSA', r, readExternal('external', r));
    case 7:
      return complete('NSSA LSA', r, readExternal('nssa', r));
    case 9:
    case 10:
    case 11:
      return { kind: 'opaque', lsaType: header.type, ...splitOpaqueId(header.linkStateId), data: body };
    default:
      return { kind: 'raw', type: header.type, body };
  }
}

/** The two parts of an opaque LSA's link state ID (RFC 5250 section 3): 8 bits type, 24 bits ID. */
export function splitOpaqueId(linkStateId: Ipv4): { opaqueType: number; opaqueId: number } {
  return { opaqueType: linkStateId >>> 24, opaqueId: linkStateId & 0xff_ffff };
}

function complete(what: string, r: Reader, lsa: Lsa): Lsa | Malformed {
  if (r.failed) return malformed(what, 'its body ends too early');
  if (r.remaining > 0) return malformed(what, `${r.remaining} bytes too many`);
  return lsa;
}

function readRouter(r: Reader): Lsa {
  const flags = r.u8();
  r.skip(1);
  const count = r.u16();
  const links: RouterLink[] = [];
  while (links.length < count && !r.failed) links.push(readRouterLink(r));
  return {
    kind: 'router',
    flags,
    virtualLinkEndpoint: (flags & 4) !== 0,
    asBoundaryRouter: (flags & 2) !== 0,
    areaBorderRouter: (flags & 1) !== 0,
    links,
  };
}

function readRouterLink(r: Reader): RouterLink {
  const id = r.ipv4();
  const data = r.ipv4();
  const typeNumber = r.u8();
  const tosCount = r.u8();
  const metric = r.u16();
  const tosMetrics: TosMetric[] = [];
  while (tosMetrics.length < tosCount && !r.failed) {
    const tos = r.u8();
    r.skip(1);
    tosMetrics.push({ tos, metric: r.u16() });
  }
  return { type: ROUTER_LINK_TYPES[typeNumber] ?? 'unknown', typeNumber, id, data, metric, tosMetrics };
}

function readSummary(r: Reader) {
  const mask = r.ipv4();
  r.skip(1);
  const metric = r.u24();
  return { mask, metric, tosMetrics: readToEnd(r, (reader) => ({ tos: reader.u8(), metric: reader.u24() })) };
}

function readExternal(kind: 'external' | 'nssa', r: Reader): Lsa {
  const mask = r.ipv4();
  const first = readExternalRoute(r);
  return { kind, mask, routes: [first, ...readToEnd(r, readExternalRoute)] };
}

function readExternalRoute(r: Reader): ExternalRoute {
  const typeAndTos = r.u8();
  return {
    tos: typeAndTos & 0x7f,
    metricType: (typeAndTos & 0x80) === 0 ? 1 : 2,
    metric: r.u24(),
    forwardingAddress: r.ipv4(),
    tag: r.u32(),
  };
}

function readAddress(r: Reader): Ipv4 {
  return r.ipv4();
}

function readToEnd<T>(r: Reader, read: (r: Reader) => T): T[] {
  const items: T[] = [];
  while (r.remaining > 0 && !r.failed) items.push(read(r));
  return items;
}
