import type { ServiceDefinition } from '../../model/index.js';
import { persistHolders } from '../exclusion/index.js';
import { joinGroup, persistHighestClaim, unindexDefinition } from '../group/index.js';
import type { Replica, Turn } from '../state/index.js';

/** From now on the replica is what this definition says; that may be a member of another group. */
export function useDefinition(turn: Turn, replica: Replica, definition: ServiceDefinition): void {
  const { definition: before } = replica;
  turn.dirty.add(before.group);
  replica.definition = definition;
  replica.nextDefinition = null;
  joinGroup(turn.state, replica);
  persistHighestClaim(turn, definition.group);
  // Of a resource also those who take it for a service.
  persistHolders(turn, definition.name);
  unindexDefinition(turn.state, before);
  turn.dirty.add(definition.group);
}
