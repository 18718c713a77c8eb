import { persistHighestClaim } from './claim.js';
import type { ServiceDefinition } from './definition.js';
import { unindexDefinition } from './definition-index.js';
import { joinGroup } from './members.js';
import type { Replica, Turn } from './state.js';

/** From now on the replica is what this definition says; that may be a member of another group. */
export function useDefinition(turn: Turn, replica: Replica, definition: ServiceDefinition): void {
  const { definition: before } = replica;
  turn.dirty.add(before.group);
  replica.definition = definition;
  replica.nextDefinition = null;
  joinGroup(turn.state, replica);
  persistHighestClaim(turn, definition.group);
  unindexDefinition(turn.state, before);
  turn.dirty.add(definition.group);
}
