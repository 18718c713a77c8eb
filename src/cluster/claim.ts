import { type GroupState, groupState, localMembers } from './group.js';
import { MAX_CLAIM, MAX_CLAIM_STEP } from './limits.js';
import type { NodeState, Turn } from './state.js';
import { persistService, report } from './turn.js';

/** A claim that another node announced. */
export function noteOtherClaim(turn: Turn, groupName: string, claim: number): void {
  const group = groupState(turn.state, groupName);
  const believed = believedClaim(turn, group, claim);
  group.highestOtherClaim = Math.max(group.highestOtherClaim, believed);
  noteClaim(turn, groupName, believed);
}

/** One claim raises the highest known one once, and by so much only: it may be a mistake, and is remembered on all nodes. */
function believedClaim(turn: Turn, group: GroupState, claim: number): number {
  const limit = group.highestClaim + MAX_CLAIM_STEP;
  if (claim <= limit) return claim;
  if (claim === group.doubtedClaim) return group.highestClaim;
  group.doubtedClaim = claim;
  const text = `claim ${claim} is announced, and no claim above ${group.highestClaim} was known: taken for ${limit}`;
  report(turn, 'warn', null, `group ${group.name}: ${text}`);
  return limit;
}

/** Another node knows of this claim, whoever had it: a node that lost its disk must not give primitives a lower one again. */
export function noteKnownClaim(turn: Turn, groupName: string, claim: number): void {
  noteClaim(turn, groupName, believedClaim(turn, groupState(turn.state, groupName), claim));
}

/** A claim that was seen is remembered, for the next one taken here must be higher. */
export function noteClaim(turn: Turn, groupName: string, claim: number): void {
  const group = groupState(turn.state, groupName);
  if (claim <= group.highestClaim) return;
  group.highestClaim = claim;
  persistHighestClaim(turn, groupName);
}

/** Takes a claim: one more than any known for the group, while there is one. `pin` holds it against a higher preference. */
export function takeClaim(turn: Turn, groupName: string, pin: boolean): void {
  const group = groupState(turn.state, groupName);
  group.highestClaim = nextClaim(turn.state, groupName);
  group.claim = group.highestClaim;
  group.pinned = pin;
  persistHighestClaim(turn, groupName);
}

export function nextClaim(state: NodeState, groupName: string): number {
  return Math.min(groupState(state, groupName).highestClaim + 1, MAX_CLAIM);
}

/** Gives the claim back. */
export function dropClaim(turn: Turn, groupName: string): void {
  const group = groupState(turn.state, groupName);
  if (group.claim === 0) return;
  report(turn, 'info', null, `group ${groupName}: claim ${group.claim} dropped`);
  group.claim = 0;
  group.pinned = false;
}

/** Every member has the group's highest claim on disk; one that joins the group too. */
export function persistHighestClaim(turn: Turn, groupName: string): void {
  const { highestClaim } = groupState(turn.state, groupName);
  for (const replica of localMembers(turn.state, groupName)) persistService(turn, replica, { highestClaim });
}
