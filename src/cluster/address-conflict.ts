import type { Ipv4Address } from './announcement.js';
import type { NodeState } from './state.js';
import { reachableReplicas } from './view.js';

/**
 * One address in two services of a cluster is a conflict. Gives the other service that has the right to it: the one
 * that is started somewhere, else the first by name. Null: no conflict, or this service has the right.
 */
export function addressTakenBy(state: NodeState, service: string, addresses: readonly Ipv4Address[]): string | null {
  for (const address of addresses) {
    for (const other of state.view.addresses.get(address) ?? []) {
      if (other === service || !isAnnounced(state, other, address)) continue;
      const started = isStarted(state, service);
      const otherStarted = isStarted(state, other);
      if (started === otherStarted ? other < service : otherStarted) return other;
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

function isStarted(state: NodeState, service: string): boolean {
  if (state.replicas.get(service)?.run === 'started') return true;
  for (const { announcement } of reachableReplicas(state.view, service)) {
    if (announcement.runState === 'started') return true;
  }
  return false;
}
