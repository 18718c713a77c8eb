import { type Ipv4, type LsaInstance, type LsdbMirror, lsaIdentity, parseIpv4 } from 'ospfapi-shim';
import { lsaId } from './identity.js';

/** Finds the LSAs that fields point to; null if this node does not have them. */
export interface Targets {
  /** The Router LSA of this router: in this area, else in any. */
  router(id: string, area: Ipv4 | null): string | null;
  /** The Network LSA whose designated router has this address. */
  network(address: string, area: Ipv4 | null): string | null;
}

export function targetsIn(mirror: Pick<LsdbMirror, 'list' | 'get'>): Targets {
  return {
    router: (text, area) => {
      const id = parseIpv4(text);
      if (id === undefined) return null;
      const here = area === null ? undefined : mirror.get(routerIdentity(id, area));
      const [any] = here === undefined ? mirror.list({ type: 1, advertisingRouter: id }) : [here];
      return nameOf(any);
    },
    network: (text, area) => {
      const address = parseIpv4(text);
      if (address === undefined || area === null) return null;
      return nameOf(mirror.list({ type: 2, area, linkStateId: address })[0]);
    },
  };
}

function routerIdentity(id: Ipv4, area: Ipv4) {
  return { type: 1, linkStateId: id, advertisingRouter: id, area, interfaceAddress: null };
}

function nameOf(lsa: LsaInstance | undefined): string | null {
  return lsa === undefined ? null : lsaId(lsaIdentity(lsa));
}
