import type { Ipv4Address } from './announcement.js';
import type { NodeState } from './state.js';
import type { RunState } from './states.js';
import { reachableReplicas } from './view.js';

/**
 * One address in two services of a cluster is a conflict. Gives the other service that has the right to it: the one
 * that is in use somewhere, else the first by name. Null: no conflict, or this service has the right.
 */
export function addressTakenBy(state: NodeState, service: string, addresses: readonly Ipv4Address[]): string | null {
  for (const address of addresses) {
    for (const other of state.view.addresses.get(address) ?? []) {
      if (other === service || !isAnnounced(state, other, address)) continue;
      const inUse = isInUse(state, service, address);
      const otherInUse = isInUse(state, other, address);
      if (inUse === otherInUse ? other < service : otherInUse) return other;
    }
  }
  return null;
}

function isAnnounced(state: NodeState, service: string, address: Ipv4Address): boolean {
  const own = state.replicas.get(service);
  if (own?.config === 'active' && own.definition.addresses.includes(address)) return true;
  for (const { announcement } of reachableReplicas(state.view, service)) {
    if (announcement.definition.addresses.includes(address)) return true;
  }
  return false;
}

/**
 * Somebody has the address up for this service, or is about to, or has not yet taken it down. A replica that was given
 * another address does not count: what this node starts next would else take the right to it from what let it start.
 */
function isInUse(state: NodeState, service: string, address: Ipv4Address): boolean {
  const uses = (run: RunState, addresses: readonly Ipv4Address[]): boolean =>
    (run === 'starting' || run === 'started' || run === 'stopping') && addresses.includes(address);
  const own = state.replicas.get(service);
  if (own !== undefined && uses(own.run, own.definition.addresses)) return true;
  for (const { announcement } of reachableReplicas(state.view, service)) {
    if (uses(announcement.runState, announcement.definition.addresses)) return true;
  }
  return false;
}
