import fc from 'fast-check';
import { type Ipv4, ipv4 } from '../ipv4.js';
import { type Lsa, ROUTER_LINK_TYPES } from '../lsa/lsa.js';
import { LSA_HEADER_LENGTH, type LsaHeader } from '../lsa-header.js';
import { type ApiMessage, FILTER_ORIGINS, ISM_STATES, NSM_STATES } from '../wire/message.js';

export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u24 = fc.integer({ min: 0, max: 0xff_ffff });
export const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
export const address: fc.Arbitrary<Ipv4> = u32.map(ipv4);
export const bytes = fc.uint8Array({ maxLength: 200 });

export const lsaHeader: fc.Arbitrary<LsaHeader> = fc.record({
  age: u16,
  options: u8,
  type: u8,
  linkStateId: address,
  advertisingRouter: address,
  sequenceNumber: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  checksum: u16,
  length: u16,
});

/** Header and body that fit together. */
const wholeLsa = fc
  .tuple(lsaHeader, bytes)
  .map(([header, body]) => ({ header: { ...header, length: LSA_HEADER_LENGTH + body.length }, body }));

const filter = fc.record({
  typeMask: u16,
  origin: fc.constantFrom(...FILTER_ORIGINS),
  areas: fc.array(address, { maxLength: 5 }),
});

const opaqueKind = { lsaType: u8, opaqueType: u8 };
const routers = fc.array(address, { maxLength: 20 });

function kind<const K extends ApiMessage['kind'], T extends Record<string, unknown>>(
  name: K,
  fields: { [P in keyof T]: fc.Arbitrary<T[P]> },
): fc.Arbitrary<{ kind: K } & T> {
  return fc.record(fields).map((values) => ({ kind: name, ...(values as T) }));
}

function lsaNotice<const K extends 'lsa-update' | 'lsa-delete'>(name: K) {
  const head = { interfaceAddress: address, area: address, own: fc.boolean() };
  return fc.tuple(fc.record(head), wholeLsa).map(([values, lsa]) => ({ kind: name, ...values, ...lsa }));
}

/** Every kind of message of the API. */
export const message: fc.Arbitrary<ApiMessage> = fc.oneof<fc.Arbitrary<ApiMessage>[]>(
  kind('register-opaque-type', opaqueKind),
  kind('unregister-opaque-type', opaqueKind),
  kind('register-event', { filter }),
  kind('sync-lsdb', { filter }),
  fc
    .tuple(fc.record({ interfaceAddress: address, area: address }), wholeLsa)
    .map(([head, lsa]) => ({ kind: 'originate', ...head, ...lsa })),
  kind('delete', { address, lsaType: u8, opaqueType: u8, flags: u8, opaqueId: u32 }),
  fc.constant({ kind: 'sync-reachable' }),
  fc.constant({ kind: 'sync-ism' }),
  fc.constant({ kind: 'sync-nsm' }),
  fc.constant({ kind: 'sync-router-id' }),
  kind('reply', { errorCode: fc.integer({ min: -128, max: 127 }) }),
  kind('ready', { ...opaqueKind, address }),
  lsaNotice('lsa-update'),
  lsaNotice('lsa-delete'),
  kind('new-interface', { interfaceAddress: address, area: address }),
  kind('delete-interface', { interfaceAddress: address }),
  kind('ism-change', { interfaceAddress: address, area: address, state: fc.constantFrom(...ISM_STATES) }),
  kind('nsm-change', {
    interfaceAddress: address,
    neighbourAddress: address,
    routerId: address,
    state: fc.constantFrom(...NSM_STATES),
  }),
  kind('reachable-change', { added: routers, removed: routers }),
  kind('router-id-change', { routerId: address }),
);

const tosMetrics = (metric: fc.Arbitrary<number>) => fc.array(fc.record({ tos: u8, metric }), { maxLength: 4 });

const routerLink = fc
  .record({ typeNumber: u8, id: address, data: address, metric: u16, tosMetrics: tosMetrics(u16) })
  .map((link) => ({ type: ROUTER_LINK_TYPES[link.typeNumber] ?? ('unknown' as const), ...link }));

const externalRoute = fc.record({
  tos: fc.integer({ min: 0, max: 127 }),
  metricType: fc.constantFrom(1 as const, 2 as const),
  metric: u24,
  forwardingAddress: address,
  tag: u32,
});

const summary = { mask: address, metric: u24, tosMetrics: tosMetrics(u24) };
const external = { mask: address, routes: fc.array(externalRoute, { minLength: 1, maxLength: 4 }) };

/** An LSA of any type, with the parts of its header that belong to its meaning. */
export const lsa: fc.Arbitrary<{ header: { type: number; linkStateId: Ipv4 }; lsa: Lsa }> = fc.oneof(
  withHeader(
    1,
    fc.record({ flags: u8, links: fc.array(routerLink, { maxLength: 8 }) }).map(({ flags, links }) => ({
      kind: 'router',
      flags,
      virtualLinkEndpoint: (flags & 4) > 0,
      asBoundaryRouter: (flags & 2) > 0,
      areaBorderRouter: (flags & 1) > 0,
      links,
    })),
  ),
  withHeader(
    2,
    fc
      .record({ mask: address, attachedRouters: fc.array(address, { maxLength: 8 }) })
      .map((v) => ({ kind: 'network', ...v })),
  ),
  withHeader(
    3,
    fc.record(summary).map((v) => ({ kind: 'summary', ...v })),
  ),
  withHeader(
    4,
    fc.record(summary).map((v) => ({ kind: 'asbr-summary', ...v })),
  ),
  withHeader(
    5,
    fc.record(external).map((v) => ({ kind: 'external', ...v })),
  ),
  withHeader(
    7,
    fc.record(external).map((v) => ({ kind: 'nssa', ...v })),
  ),
  withHeader(
    6,
    bytes.map((body) => ({ kind: 'raw', type: 6, body })),
  ),
  withHeader(
    8,
    bytes.map((body) => ({ kind: 'raw', type: 8, body })),
  ),
  fc.record({ lsaType: fc.constantFrom(9, 10, 11), opaqueType: u8, opaqueId: u24, data: bytes }).map((opaque) => ({
    header: { type: opaque.lsaType, linkStateId: ipv4(opaque.opaqueType * 0x100_0000 + opaque.opaqueId) },
    lsa: { kind: 'opaque', ...opaque } as Lsa,
  })),
);

function withHeader(type: number, body: fc.Arbitrary<Lsa>) {
  return fc.tuple(address, body).map(([linkStateId, lsa]) => ({ header: { type, linkStateId }, lsa }));
}
