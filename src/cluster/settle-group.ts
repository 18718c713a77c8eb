import { formatRouterId, type SharedDefinition } from '../model/index.js';
import { announceReplica, shownFailures } from './announcing/index.js';
import { forgetRemoved } from './configure.js';
import { candidacy } from './election/index.js';
import { dropClaim, groupState, localMembers, type Placement, place } from './group/index.js';
import { awaitNodes, watchOwner } from './nodes/index.js';
import { advance } from './replica/index.js';
import { markSharersDirty, type NodeState, type Replica, report, type Turn } from './state/index.js';
import { groupsOf } from './view/index.js';

/** A member settles in a few steps; more than this means that two rules undo each other. */
const MAX_STEPS_PER_MEMBER = 50;

/** What a simulated life looks for in the log. */
export const UNSETTLED = 'two rules undo each other, which is a fault of srrd; please report it';

/** Elects the group's owner and takes its replicas here as far as they can go without waiting for anything. */
export function settleGroup(turn: Turn, name: string): void {
  const group = groupState(turn.state, name);
  const maxSteps = MAX_STEPS_PER_MEMBER * (1 + localMembers(turn.state, name).length);
  for (let step = 0; step < maxSteps; step++) {
    const placement = place(turn.state, name);
    noteOwner(turn, name, placement.owner?.id ?? null);
    noteMissing(turn, name, placement.missing);
    const members = localMembers(turn.state, name);
    // What is needed comes first when starting; stopping waits for dependents by itself.
    const changed = advanceMembers(turn, members, placement);
    if (group.claim > 0) {
      const now = changed ? place(turn.state, name) : placement;
      if (!keepsClaim(turn.state, now, members)) dropClaim(turn, name);
    }
    const failures = shownFailures(members);
    for (const replica of [...members, ...membersElsewhere(turn.state, name)]) {
      if (announceReplica(turn, replica, failures.get(replica))) markOthersDirty(turn, replica.definition);
    }
    if (!changed) {
      forgetRemoved(turn, members);
      awaitNodes(turn, name, placement);
      watchOwner(turn, name, placement);
      if (!turn.state.view.groups.has(name)) turn.state.groups.delete(name);
      return;
    }
  }
  // The other groups must not suffer from it; with the next event it is tried again.
  report(turn, 'error', null, `group ${name} did not settle within ${maxSteps} steps: ${UNSETTLED}`);
}

/**
 * One step of one member, since what it does may change who owns the group. What does not, all may do in one pass, or a
 * group of hundreds would be placed anew for each of them. Gives whether there was any step.
 */
function advanceMembers(turn: Turn, members: readonly Replica[], { wanted }: Placement): boolean {
  let changed = false;
  let leaving = false;
  for (const replica of members) {
    const isWanted = wanted.has(replica.definition.name);
    // It may need what has just begun to stop.
    if (leaving && isWanted) continue;
    const before = `${replica.config}/${replica.run}`;
    if (!advance(turn, replica, isWanted)) continue;
    changed = true;
    leaving ||= replica.run === 'stopping';
    if (!leavesPlacement(before, replica, isWanted)) return true;
  }
  return changed;
}

/**
 * It begins to be activated, or to start: who can run the group is the same as before. Or to stop, with the others that are
 * not wanted here.
 */
function leavesPlacement(before: string, { config, run, failing }: Replica, isWanted: boolean): boolean {
  switch (`${config}/${run}`) {
    case 'active/starting':
      return before === 'active/stopped';
    case 'active/stopping':
      return before === 'active/started' && !isWanted && failing === null;
    case 'inactive/stopped':
      return before === 'inactive/stopped';
    default:
      return false;
  }
}

/** Replicas here that have a member of this group in another one by mistake: they owe the elected owner their assent. */
function membersElsewhere({ view, replicas }: NodeState, name: string): Replica[] {
  const services = [...(view.groups.get(name) ?? [])];
  return services
    .flatMap((service) => replicas.get(service) ?? [])
    .filter(({ definition }) => definition.group !== name);
}

/** What we say of a replica concerns those who share an address with it, and the groups into which others have put it. */
function markOthersDirty(turn: Turn, definition: SharedDefinition): void {
  markSharersDirty(turn, definition);
  const groups = groupsOf(turn.state.view, definition.name).filter((group) => group !== definition.group);
  for (const group of groups) turn.dirty.add(group);
}

/**
 * A claim is kept while a member is starting, started or stopping here, or the election (a `move`, say) still names us;
 * standby, deactivation, isolation and the failure of a required member end it at once.
 */
function keepsClaim(state: NodeState, placement: Placement, members: readonly Replica[]): boolean {
  const { facts, requirements, owner } = placement;
  const here = facts.find(({ id }) => id === state.self);
  if (state.phase === 'isolated' || here === undefined) return false;
  if (candidacy(here, requirements) === null) return false;
  const running = members.some(({ run }) => run === 'starting' || run === 'started' || run === 'stopping');
  return running || owner?.id === state.self;
}

function noteOwner(turn: Turn, name: string, owner: number | null): void {
  const group = groupState(turn.state, name);
  if (group.owner === owner) return;
  const label = (id: typeof group.owner): string => (id === null ? 'nobody' : formatRouterId(id));
  const before = group.owner;
  group.owner = owner as typeof group.owner;
  report(turn, 'info', null, `group ${name}: owner is ${label(group.owner)} (was ${label(before)})`);
}

/** Somebody has to see to it that they are active here as well, or to say that they are not critical. */
function noteMissing(turn: Turn, name: string, services: readonly string[]): void {
  const group = groupState(turn.state, name);
  const missing = services.join(', ');
  if (missing === group.missing) return;
  group.missing = missing;
  if (missing !== '')
    report(
      turn,
      'warn',
      null,
      `group ${name} is owned without ${missing}, which it requires, but which is not active here`,
    );
}
