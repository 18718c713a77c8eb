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
      const inUse = isInUse(state, service);
      const otherInUse = isInUse(state, other);
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

/** Somebody has the address up, or is about to, or has not yet taken it down. */
function isInUse(state: NodeState, service: string): boolean {
  const busy = (run: RunState | undefined): boolean => run === 'starting' || run === 'started' || run === 'stopping';
  if (busy(state.replicas.get(service)?.run)) return true;
  for (const { announcement } of reachableReplicas(state.view, service)) if (busy(announcement.runState)) return true;
  return false;
}
