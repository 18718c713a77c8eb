import { lsaKey, ROUTER_LS_ID, type RouterBody } from './lsa.js';
import type { Router } from './router.js';

/** The routers that SPF reaches from here: over links that both ends list (RFC 2328 section 16.1). Without itself. */
export function reachableBySpf(root: Router): Set<number> {
  const met = new Set([root.index]);
  for (const index of met) {
    for (const neighbour of routerBody(root, index)?.neighbours ?? []) {
      if (!met.has(neighbour) && routerBody(root, neighbour)?.neighbours.includes(index)) met.add(neighbour);
    }
  }
  met.delete(root.index);
  return met;
}

/** A router's Router LSA as this router's LSDB has it. */
export function routerBody(router: Router, of: number): RouterBody | null {
  const body = router.lsdb.get(lsaKey(of, ROUTER_LS_ID))?.lsa.body;
  return body?.kind === 'router' ? body : null;
}
