import { persistHighestClaim } from './claim.js';
import type { ServiceDefinition } from './definition.js';
import { joinGroup } from './group.js';
import type { Replica, Turn } from './state.js';

/** From now on the replica is what this definition says; that may be a member of another group. */
export function useDefinition(turn: Turn, replica: Replica, definition: ServiceDefinition): void {
  turn.touched.add(replica.definition.group);
  replica.definition = definition;
  replica.nextDefinition = null;
  joinGroup(turn.state, replica);
  persistHighestClaim(turn, definition.group);
  turn.touched.add(definition.group);
}
