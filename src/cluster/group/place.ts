import {
  bestCandidate,
  type Candidate,
  missingMembers,
  type NodeFacts,
  type Requirements,
  requirementsOf,
  usableMembers,
} from '../election/index.js';
import type { NodeState } from '../state/index.js';
import { heldByDependencies } from './dependencies.js';
import { groupFacts } from './group-facts.js';

/** What the election made of the present view of a group. */
export interface Placement {
  readonly facts: readonly NodeFacts[];
  readonly requirements: Requirements;
  readonly owner: Candidate | null;
  /** The members that this node should be running. */
  readonly wanted: ReadonlySet<string>;
  /** The required members that this node has not got, though it owns the group. */
  readonly missing: readonly string[];
}

/** Elects the owner from the present view, and names the members that this node should be running. */
export function place(state: NodeState, group: string): Placement {
  const facts = groupFacts(state, group);
  const requirements = requirementsOf(facts, group);
  const owner = bestCandidate(facts, requirements);
  const here = owner !== null && owner.id === state.self ? facts.find(({ id }) => id === owner.id) : undefined;
  const isOurs = here !== undefined && state.phase !== 'isolated';
  const wanted = isOurs ? usableMembers(here, requirements.definitions) : new Set<string>();
  for (const name of heldByDependencies(state, group)) wanted.delete(name);
  const missing = isOurs ? missingMembers(here, requirements) : [];
  return { facts, requirements, owner, wanted, missing };
}
