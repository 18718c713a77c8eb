import { Writer } from '../wire/writer.js';
import type { ExternalRoute, Lsa, RouterLink, TosMetric } from './lsa.js';

/** The body of an LSA, without its header. */
export function encodeLsaBody(lsa: Lsa): Uint8Array {
  const w = new Writer();
  switch (lsa.kind) {
    case 'router':
      w.u8(lsa.flags).u8(0).u16(lsa.links.length);
      for (const link of lsa.links) writeRouterLink(w, link);
      return w.finish();
    case 'network':
      w.ipv4(lsa.mask);
      for (const router of lsa.attachedRouters) w.ipv4(router);
      return w.finish();
    case 'summary':
    case 'asbr-summary':
      w.ipv4(lsa.mask).u8(0).u24(lsa.metric);
      for (const { tos, metric } of lsa.tosMetrics) w.u8(tos).u24(metric);
      return w.finish();
    case 'external':
    case 'nssa':
      w.ipv4(lsa.mask);
      for (const route of lsa.routes) writeExternalRoute(w, route);
      return w.finish();
    case 'opaque':
      return lsa.data;
    case 'raw':
      return lsa.body;
  }
}

function writeRouterLink(w: Writer, link: RouterLink): void {
  w.ipv4(link.id).ipv4(link.data).u8(link.typeNumber).u8(link.tosMetrics.length).u16(link.metric);
  for (const { tos, metric } of link.tosMetrics satisfies readonly TosMetric[]) w.u8(tos).u8(0).u16(metric);
}

function writeExternalRoute(w: Writer, route: ExternalRoute): void {
  w.u8((route.metricType === 2 ? 0x80 : 0) | route.tos).u24(route.metric);
  w.ipv4(route.forwardingAddress).u32(route.tag);
}
