import type { SharedDefinition } from '../../model/index.js';
import { groupsOf, type KnownNode, type Observed, sharers } from '../view/index.js';
import type { Turn } from './state.js';

/** What counts of a node has changed: that concerns everybody who has to do with its services. */
export function markServicesDirty(turn: Turn, node: KnownNode): void {
  for (const service of node.services) {
    const observed = turn.state.view.replicas.get(service)?.get(node.id);
    if (observed?.presence === 'held') markReplicaDirty(turn, observed);
  }
}

/** The same of one replica: the groups in which anybody has the service, and those who share an address with it. */
export function markReplicaDirty(turn: Turn, { announcement }: Observed): void {
  markServiceDirty(turn, announcement.definition.name);
  markSharersDirty(turn, announcement.definition);
}

/** The groups in which a service is known, here or elsewhere; more than one only in a conflict. */
export function markServiceDirty(turn: Turn, service: string): void {
  const own = turn.state.replicas.get(service);
  if (own !== undefined) turn.dirty.add(own.definition.group);
  for (const group of groupsOf(turn.state.view, service)) turn.dirty.add(group);
}

/** Services that share an address with one that changed may have gained or lost the right to it. */
export function markSharersDirty(turn: Turn, definition: SharedDefinition): void {
  for (const service of sharers(turn.state.view, definition)) markServiceDirty(turn, service);
}
