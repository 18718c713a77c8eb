import { MAX_CLAIM, MAX_CLAIM_STEP, type ServiceAnnouncement } from '../../model/index.js';
import { type GroupState, type NodeState, persistService, report, type Turn } from '../state/index.js';
import { groupState, localMembers } from './members.js';

/** What another node announced: its own claim, and the highest one that it knows of. */
export function noteOtherClaims(turn: Turn, { definition, claim, knownClaim }: ServiceAnnouncement): void {
  const group = groupState(turn.state, definition.group);
  const limit = group.highestClaim + MAX_CLAIM_STEP;
  const known = believedClaim(turn, group, Math.max(claim, knownClaim ?? 0));
  const believed = claim <= limit ? claim : known;
  // What somebody only knows of competes with nobody: two owners that knew of each other's claims would outbid them for ever.
  group.highestOtherClaim = Math.max(group.highestOtherClaim, believed);
  noteClaim(turn, group, Math.max(believed, known));
}

/** What an earlier life announced, or the echo. */
export function noteOwnClaims(turn: Turn, { definition, claim, knownClaim }: ServiceAnnouncement): void {
  const group = groupState(turn.state, definition.group);
  noteClaim(turn, group, believedClaim(turn, group, Math.max(claim, knownClaim ?? 0)));
}

/** One announcement raises the highest known claim once, and by so much only: it may be a mistake, and is remembered on all nodes. */
function believedClaim(turn: Turn, group: GroupState, claim: number): number {
  const limit = group.highestClaim + MAX_CLAIM_STEP;
  if (claim <= limit) return claim;
  if (claim === group.suspectClaim) return group.highestClaim;
  group.suspectClaim = claim;
  const text = `claim ${claim} is announced, and no claim above ${group.highestClaim} was known: taken for ${limit}`;
  report(turn, 'warn', null, `group ${group.name}: ${text}`);
  return limit;
}

/** A claim that was seen is remembered, for the next one taken here must be higher. */
function noteClaim(turn: Turn, group: GroupState, claim: number): void {
  if (claim <= group.highestClaim) return;
  group.highestClaim = claim;
  persistHighestClaim(turn, group.name);
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
