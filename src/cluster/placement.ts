import type { SharedDefinition } from './announcement.js';
import { announceReplica } from './announcing.js';
import { dropClaim } from './claim.js';
import { forgetRemoved } from './configure.js';
import { candidacy, electOwner, referenceDefinitions, requiredMembers } from './election.js';
import { groupFacts, groupState, localMembers, place } from './group.js';
import { advance } from './replica.js';
import { formatRouterId } from './router-id.js';
import { awaitNodes } from './silence.js';
import type { NodeState, Replica, Turn } from './state.js';
import { report } from './turn.js';
import { groupsOf, sharers } from './view.js';

/** A group settles in a few steps; more than this means that two rules undo each other. */
const MAX_STEPS = 200;

/** Elects the group's owner and takes its replicas here as far as they can go without waiting for anything. */
export function settleGroup(turn: Turn, name: string): void {
  const group = groupState(turn.state, name);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { facts, owner, wanted } = place(turn.state, name);
    noteOwner(turn, name, owner?.id ?? null);
    const members = localMembers(turn.state, name);
    // What is needed comes first when starting; stopping waits for dependents by itself.
    const changed = members.some((replica) => advance(turn, replica, wanted.has(replica.definition.name)));
    if (group.claim > 0 && !keepsClaim(turn.state, name, members)) dropClaim(turn, name);
    for (const replica of members) if (announceReplica(turn, replica)) touchSharers(turn, replica.definition);
    if (!changed) {
      forgetRemoved(turn, members);
      return awaitNodes(turn, name, facts, owner?.id ?? null, wanted);
    }
  }
  throw new Error(`group ${name} did not settle within ${MAX_STEPS} steps: two rules undo each other`);
}

/** Services that share an address with one that changed may have gained or lost the right to it. */
export function touchSharers(turn: Turn, definition: SharedDefinition): void {
  for (const service of sharers(turn.state.view, definition)) {
    const own = turn.state.replicas.get(service);
    if (own !== undefined) turn.touched.add(own.definition.group);
    for (const group of groupsOf(turn.state.view, service)) turn.touched.add(group);
  }
}

/**
 * A claim is kept while a member is starting, started or stopping here, or the election (a `move`, say) still names us;
 * standby, deactivation, isolation and the failure of a required member end it at once.
 */
function keepsClaim(state: NodeState, name: string, members: readonly Replica[]): boolean {
  const facts = groupFacts(state, name);
  const here = facts.find(({ id }) => id === state.self);
  if (state.phase === 'isolated' || here === undefined) return false;
  const definitions = referenceDefinitions(facts, name);
  if (candidacy(here, definitions, requiredMembers(definitions)) === null) return false;
  const running = members.some(({ run }) => run === 'starting' || run === 'started' || run === 'stopping');
  return running || electOwner(facts, name)?.id === state.self;
}

function noteOwner(turn: Turn, name: string, owner: number | null): void {
  const group = groupState(turn.state, name);
  if (group.owner === owner) return;
  const label = (id: typeof group.owner): string => (id === null ? 'nobody' : formatRouterId(id));
  const before = group.owner;
  group.owner = owner as typeof group.owner;
  report(turn, 'info', null, `group ${name}: owner is ${label(group.owner)} (was ${label(before)})`);
}
