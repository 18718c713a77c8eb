import { groupState, localMembers } from './group.js';
import type { NodeState, Turn } from './state.js';
import { persistService, report } from './turn.js';

/** A claim that another node announced. */
export function noteOtherClaim(turn: Turn, groupName: string, claim: number): void {
  const group = groupState(turn.state, groupName);
  group.highestOtherClaim = Math.max(group.highestOtherClaim, claim);
  noteClaim(turn, groupName, claim);
}

/** A claim that was seen is remembered, for the next one taken here must be higher. */
export function noteClaim(turn: Turn, groupName: string, claim: number): void {
  const group = groupState(turn.state, groupName);
  if (claim <= group.highestClaim) return;
  group.highestClaim = claim;
  persistHighestClaim(turn, groupName);
}

/** Takes a claim: one more than any known for the group. `pin` holds it against a higher preference. */
export function takeClaim(turn: Turn, groupName: string, pin: boolean): void {
  const group = groupState(turn.state, groupName);
  group.highestClaim = nextClaim(turn.state, groupName);
  group.claim = group.highestClaim;
  group.pinned = pin;
  persistHighestClaim(turn, groupName);
}

export function nextClaim(state: NodeState, groupName: string): number {
  return groupState(state, groupName).highestClaim + 1;
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
