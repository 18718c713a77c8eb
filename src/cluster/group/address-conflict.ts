import type { Ipv4Address } from '../../model/index.js';
import type { ReplicaFacts } from '../election/index.js';
import type { NodeState } from '../state/index.js';
import { countingReplicas } from './counting.js';
import { isJoining } from './joining.js';
import { isOnStandby } from './wanted.js';

/**
 * One address in two services of a cluster is a conflict. Returns the other service that has the right to it: the one
 * that is started with it, else the one that is about to be or is being stopped, else the first by name. Null: no
 * conflict, or this service has the right.
 */
export function addressTakenBy(state: NodeState, service: string, addresses: readonly Ipv4Address[]): string | null {
  for (const address of addresses) {
    for (const other of state.view.addresses.get(address) ?? []) {
      if (other === service) continue;
      const theirs = rightTo(state, other, address);
      if (theirs === NO_RIGHT) continue;
      const ours = rightTo(state, service, address);
      if (ours === theirs ? other < service : theirs > ours) return other;
    }
  }
  return null;
}

const NO_RIGHT = 0;
const COULD_USE_IT = 1;
const USES_IT = 2;
const SERVES_WITH_IT = 3;

/**
 * The highest right that any replica gives its service. Only of those that count, and of what they do with this address:
 * one that was given another address is still being stopped with the old one.
 */
function rightTo(state: NodeState, service: string, address: Ipv4Address): number {
  let highest = NO_RIGHT;
  const own = state.replicas.get(service);
  if (own?.config === 'active' && !state.duplicate && own.definition.addresses.includes(address)) {
    const standby = state.standby || isOnStandby(state, own);
    highest = rightOf({ runState: own.run, joining: isJoining(state, own), standby });
  }
  for (const { origin, announcement } of countingReplicas(state, service)) {
    if (!announcement.definition.addresses.includes(address)) continue;
    const standby = announcement.standby || (state.view.nodes.get(origin)?.daemon?.standby ?? false);
    highest = Math.max(highest, rightOf({ ...announcement, standby }));
  }
  return highest;
}

/** What is joining is being cleaned up, if anything. The gate waits for it, but nobody who serves must stop for it. */
function rightOf({ runState, joining, standby }: Pick<ReplicaFacts, 'runState' | 'joining' | 'standby'>): number {
  if (runState === 'started' && !joining) return SERVES_WITH_IT;
  if ((runState === 'starting' || runState === 'stopping') && !joining) return USES_IT;
  return runState === 'failed' || standby ? NO_RIGHT : COULD_USE_IT;
}
