import { encodeLsaBody, ipv4, type Lsa, type LsaInstance, MAX_AGE, parseIpv4, type RouterLink } from 'ospfapi-shim';
import { describe, expect, it } from 'vitest';
import { EXTERNAL_ROUTE_TAG, routerId } from '../model/index.js';
import { HostRoutes } from './host-routes.js';

const ORIGIN = ipv4(0x0a000001);
const AREA = ipv4(0);

function lsa(type: number, linkStateId: string, body: Lsa, change: { age?: number; area?: number } = {}): LsaInstance {
  return {
    header: {
      age: change.age ?? 1,
      options: 2,
      type,
      linkStateId: parseIpv4(linkStateId) ?? AREA,
      advertisingRouter: ORIGIN,
      sequenceNumber: 1,
      checksum: 0,
      length: 0,
    },
    body: encodeLsaBody(body),
    area: type === 5 ? null : ipv4(change.area ?? 0),
    interfaceAddress: null,
    own: false,
    receivedAt: 0,
  };
}

function stub(address: string, mask: number): RouterLink {
  return { type: 'stub', typeNumber: 3, id: parseIpv4(address) ?? AREA, data: ipv4(mask), metric: 1, tosMetrics: [] };
}

function routerLsa(links: RouterLink[], change: { age?: number; area?: number } = {}): LsaInstance {
  const body = {
    kind: 'router',
    flags: 0,
    virtualLinkEndpoint: false,
    asBoundaryRouter: false,
    areaBorderRouter: false,
    links,
  } as const;
  return lsa(1, '10.0.0.1', body, change);
}

function external(address: string, mask: number, tag = 0): LsaInstance {
  const route = { tos: 0, metricType: 2, metric: 20, forwardingAddress: AREA, tag } as const;
  return lsa(5, address, { kind: 'external', mask: ipv4(mask), routes: [route] });
}

/** What becomes of it, as an event. */
function told(routes: HostRoutes, change: 'arrived' | 'left', changed: LsaInstance) {
  return routes[change](changed) ? [routes.event(routerId(ORIGIN))] : [];
}

const says = (...addresses: string[]) => [{ type: 'routes', origin: routerId(ORIGIN), addresses }];

describe('the host routes of a router', () => {
  it('are the stub links with a full mask, and nothing else', () => {
    const routes = new HostRoutes();
    const transit: RouterLink = { ...stub('10.1.1.1', 0xffff_ffff), type: 'transit', typeNumber: 2 };
    const links = [stub('192.0.2.1', 0xffff_ffff), stub('10.1.1.0', 0xffff_ff00), transit];
    expect(told(routes, 'arrived', routerLsa(links))).toEqual(says('192.0.2.1'));
  });

  it('are told again only when they change', () => {
    const routes = new HostRoutes();
    expect(told(routes, 'arrived', routerLsa([]))).toEqual(says());
    expect(told(routes, 'arrived', routerLsa([stub('10.1.1.0', 0xffff_ff00)]))).toEqual([]);
    expect(told(routes, 'arrived', routerLsa([stub('192.0.2.1', 0xffff_ffff)]))).toEqual(says('192.0.2.1'));
    expect(told(routes, 'arrived', routerLsa([]))).toEqual(says());
  });

  it('are not what is announced with the highest cost, nor AS-external routes of others: the address is up, and nobody is to come', () => {
    const routes = new HostRoutes();
    expect(told(routes, 'arrived', external('192.0.2.1', 0xffff_ffff))).toEqual([]);
    const announced = stub('192.0.2.1', 0xffff_ffff);
    expect(told(routes, 'arrived', routerLsa([{ ...announced, metric: 0xffff }]))).toEqual(says());
    expect(told(routes, 'arrived', routerLsa([{ ...announced, metric: 0 }]))).toEqual(says('192.0.2.1'));
    expect(told(routes, 'arrived', routerLsa([{ ...announced, metric: 0xffff }]))).toEqual(says());
  });

  it('are AS-external routes with our tag, beside the stub links', () => {
    const routes = new HostRoutes();
    routes.arrived(routerLsa([stub('192.0.2.1', 0xffff_ffff)]));
    const ours = external('192.0.2.2', 0xffff_ffff, EXTERNAL_ROUTE_TAG);
    expect(told(routes, 'arrived', external('192.0.2.0', 0xffff_ff00, EXTERNAL_ROUTE_TAG))).toEqual([]);
    expect(told(routes, 'arrived', ours)).toEqual(says('192.0.2.1', '192.0.2.2'));
    expect(told(routes, 'arrived', external('192.0.2.1', 0xffff_ffff, EXTERNAL_ROUTE_TAG))).toEqual([]);
    expect(told(routes, 'arrived', routerLsa([]))).toEqual([]);
    expect(told(routes, 'left', ours)).toEqual(says('192.0.2.1'));
  });

  it('go with a Router LSA that is too old', () => {
    const routes = new HostRoutes();
    routes.arrived(routerLsa([stub('192.0.2.1', 0xffff_ffff)]));
    expect(told(routes, 'arrived', routerLsa([], { age: MAX_AGE }))).toEqual(says());
  });

  it('are those of all its areas together', () => {
    const routes = new HostRoutes();
    routes.arrived(routerLsa([stub('192.0.2.1', 0xffff_ffff)], { area: 0 }));
    const both = says('192.0.2.1', '192.0.2.2');
    expect(told(routes, 'arrived', routerLsa([stub('192.0.2.2', 0xffff_ffff)], { area: 1 }))).toEqual(both);
    expect(told(routes, 'left', routerLsa([], { area: 0 }))).toEqual(says('192.0.2.2'));
  });
});
