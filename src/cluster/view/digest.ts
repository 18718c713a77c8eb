import type { Digest, Sequence, ServiceAnnouncement, SharedDefinition } from '../../model/index.js';
import type { KnownNode, View } from './view.js';

/**
 * Whether all that the node had out, when its daemon last spoke, has been heard, and nothing of it is out of date. True of
 * a daemon that does not tell.
 *
 * Counters only grow: of the same services no older announcements give the same sum. What is newer than the daemon's word is
 * in no sum: then it cannot be known. While other services' last
 * announcements are missing or were withdrawn they could, with a chance that is no matter here.
 */
export function hasHeardAll(view: View, node: KnownNode): boolean {
  if (node.daemon?.digest == null) return true;
  const held: ServiceAnnouncement[] = [];
  for (const service of node.services) {
    const observed = view.replicas.get(service)?.get(node.id);
    if (observed?.presence === 'held') held.push(observed.announcement);
  }
  const { epoch, counter } = node.daemon.sequence;
  // What it announced after its word is not in the sum: something newer and something older could make it up.
  if (held.some(({ definition, sequence }) => isCounted(definition, sequence, epoch) && sequence.counter > counter)) {
    return false;
  }
  const { services, counters } = digest(held, epoch);
  return services === node.daemon.digest.services && counters === node.daemon.digest.counters;
}

/** The same of any announcements of one life. */
export function digest(announcements: readonly ServiceAnnouncement[], epoch: number): Digest {
  const counted = announcements.filter(({ definition, sequence }) => isCounted(definition, sequence, epoch));
  return {
    services: counted.length,
    counters: counted.reduce((sum, { sequence }) => (sum + sequence.counter) % 2 ** 32, 0),
  };
}

/** Announcements of link or area scope do not reach everybody who hears the daemon: they are not counted. */
function isCounted({ scope }: SharedDefinition, sequence: Sequence, epoch: number): boolean {
  return scope === 'as' && sequence.epoch === epoch;
}
