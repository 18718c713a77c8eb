import { formatRouterId, type RouterId } from '../../model/index.js';
import { type Answer, done, refused } from '../answers/index.js';
import { bestCandidate, candidacy, compareCandidates, requirementsOf } from '../election/index.js';
import { groupFacts, isListening, localMembers, nextClaim, takeClaim } from '../group/index.js';
import { type NodeState, persistService, type Replica, type Turn } from '../state/index.js';
import { nodeLabel } from '../view/index.js';
import { commandedHere, nodeObstacle, replicaObstacle, runsAsRequested } from './at-once.js';

/**
 * `start X` and `move S X`, where nothing is in the way: this node takes a new claim, if that makes it the owner. Ends the
 * service's standby here.
 */
export function takeServiceOver(turn: Turn, replica: Replica, pin: boolean): Answer {
  const { group, name } = replica.definition;
  return withoutStandby(turn, [replica], () => takeOver(turn, name, group, pin));
}

/** The same for a group: ends the standby of all its members here. */
export function takeGroupOver(turn: Turn, group: string, pin: boolean): Answer {
  const { state } = turn;
  const members = localMembers(state, group);
  const obstacle = nodeObstacle(state, group);
  if (obstacle !== null) return refused(obstacle);
  if (runsAsRequested(state, group, pin) && members.every(({ standby }) => !standby)) {
    return done(`the group ${group} is on ${state.settings.nodeName} already`);
  }
  return withoutStandby(turn, members, () => takeOver(turn, `the group ${group}`, group, pin));
}

export function setStandby(turn: Turn, replica: Replica, standby: boolean): void {
  replica.standby = standby;
  persistService(turn, replica, { standby });
}

/** Whoever names this node ends the standby here, but a refused command changes nothing. */
function withoutStandby(turn: Turn, replicas: readonly Replica[], act: () => Answer): Answer {
  const onStandby = replicas.filter(({ standby }) => standby);
  for (const replica of onStandby) setStandby(turn, replica, false);
  const answer = act();
  if (!answer?.ok) for (const replica of onStandby) setStandby(turn, replica, true);
  return answer;
}

function takeOver(turn: Turn, what: string, groupName: string, pin: boolean): Answer {
  const { state } = turn;
  const here = state.settings.nodeName;
  const facts = groupFacts(state, groupName);
  const requirements = requirementsOf(facts, groupName);
  const own = facts.find(({ id }) => id === state.self);
  const candidate = own && candidacy(own, requirements);
  if (!candidate)
    return refused(`${here} cannot run ${what}: ${whyNoCandidate(state, groupName, requirements.required)}`);
  if (runsAsRequested(state, groupName, pin)) return done(`${what} is on ${here} already`);
  const claim = nextClaim(state, groupName);
  const wouldBe = { ...candidate, claim, pin: pin ? claim : candidate.pin };
  const rivals = facts.filter(({ id }) => id !== state.self);
  const rival = bestCandidate(rivals, requirements);
  if (rival !== null && compareCandidates(wouldBe, rival) < 0) {
    return refused(`${labelOf(state, rival.id)} would take ${what} back at once: ${whyPreferred(rival, wouldBe)}`);
  }
  takeClaim(turn, groupName, pin);
  return done(`${here} takes ${what} over with claim ${claim}${pin ? ', pinned' : ''}`);
}

/** The first of the required members that cannot run here. */
function whyNoCandidate(state: NodeState, group: string, required: ReadonlySet<string>): string {
  for (const name of required) {
    const member = state.replicas.get(name);
    if (member === undefined) return `${name}, which the group ${group} requires, is not configured here`;
    const obstacle = replicaObstacle(commandedHere(state, member, false));
    if (obstacle !== null) return obstacle;
    if (member.recovering) return `${name} is being activated here after a crash, and has to end that first`;
    if (isListening(state, member)) return `${name} was announced only seconds ago: try again in a moment`;
    if (member.standby) return `${name}, which the group ${group} requires, is on standby here: start it`;
  }
  return `not every member that the group ${group} requires is usable here`;
}

/** Why another node would not leave it to this one. */
export function whyPreferred(
  rival: { readonly pin: number; readonly preference: number },
  wouldBe: { readonly pin: number; readonly preference: number },
): string {
  if (rival.pin > wouldBe.pin) return 'it is pinned there (unpin it, or use --pin)';
  return `preference ${rival.preference} > ${wouldBe.preference} (use --pin to override)`;
}

/** A node's name as people know it. */
export function labelOf(state: NodeState, id: RouterId): string {
  const node = state.view.nodes.get(id);
  return node === undefined ? formatRouterId(id) : nodeLabel(node);
}
