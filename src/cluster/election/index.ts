/**
 * Who owns a group: a pure function of what the nodes announce of its members.
 *
 * It must not know run states of this node, time, or where the facts come from.
 */
export {
  bestCandidate,
  type Candidate,
  candidacy,
  compareCandidates,
  dependencyCycle,
  electOwner,
  missingMembers,
  type Requirements,
  requirementsOf,
} from './election.js';
export type { Bar, NodeFacts, NotCounting, ReplicaFacts } from './facts.js';
export { referenceDefinitions } from './reference.js';
export { usableMembers } from './usable.js';
