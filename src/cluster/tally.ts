import type { ServiceAnnouncement, Tally } from './announcement.js';
import type { NodeState } from './state.js';
import type { KnownNode, View } from './view.js';

/** What this node has out now, for its Daemon announcement. */
export function ownTally(state: NodeState): Tally {
  const out: ServiceAnnouncement[] = [];
  for (const { announced } of state.replicas.values()) if (announced !== null) out.push(announced);
  return tally(out, state.epoch);
}

/**
 * Whether all that the node had out, when its daemon last spoke, has been heard, and nothing of it is out of date. True of
 * a daemon that does not tell.
 *
 * Counters only grow: of the same services no older announcements give the same sum. While other services' last
 * announcements are missing or were withdrawn they could, with a chance that is no matter here.
 */
export function hasHeardAll(view: View, node: KnownNode): boolean {
  if (node.daemon?.tally == null) return true;
  const held: ServiceAnnouncement[] = [];
  for (const service of node.services) {
    const observed = view.replicas.get(service)?.get(node.id);
    if (observed?.presence === 'held') held.push(observed.announcement);
  }
  const { services, counters } = tally(held, node.daemon.sequence.epoch);
  return services === node.daemon.tally.services && counters === node.daemon.tally.counters;
}

/** Announcements of link or area scope do not reach everybody who hears the daemon: they are not counted. */
function tally(announcements: readonly ServiceAnnouncement[], epoch: number): Tally {
  const counted = announcements.filter(
    ({ definition, sequence }) => definition.scope === 'as' && sequence.epoch === epoch,
  );
  return {
    services: counted.length,
    counters: counted.reduce((sum, { sequence }) => (sum + sequence.counter) % 2 ** 32, 0),
  };
}
