import { type Candidate, isOwnGroup } from './candidate.js';
import { type Problem, problemAt } from './problems.js';

export interface CheckedTogether {
  readonly accepted: readonly Candidate[];
  readonly problems: ReadonlyMap<Candidate, readonly Problem[]>;
}

/** How many definitions of this node name each group, also those that are wrong. */
export type GroupSizes = ReadonlyMap<string, number>;

/** What definitions of one node must not do to each other. Candidates come in alphabetical order. */
export function checkTogether(candidates: readonly Candidate[], groupSizes: GroupSizes): CheckedTogether {
  const problems = new Map<Candidate, Problem[]>();
  const refuse = (candidate: Candidate, path: readonly PropertyKey[], text: string) => {
    problems.set(candidate, [...(problems.get(candidate) ?? []), problemAt(candidate.source, path, text)]);
  };
  const remaining = () => candidates.filter((candidate) => !problems.has(candidate));

  checkOverlap(candidates, groupSizes, refuse);
  checkCycles(candidates, refuse);
  checkGroups(candidates, refuse);
  checkAddresses(remaining(), refuse);
  // Each refusal may leave others without a dependency.
  let before: number;
  do {
    before = problems.size;
    checkDependencies(remaining(), candidates, refuse);
  } while (problems.size > before);
  return { accepted: remaining(), problems };
}

type Refuse = (candidate: Candidate, path: readonly PropertyKey[], text: string) => void;

/**
 * A service that hands over with overlap has no other members in its group. Where the group is its own, whoever joins it is
 * refused, or somebody else's new file would end a service that is well.
 */
function checkOverlap(candidates: readonly Candidate[], groupSizes: GroupSizes, refuse: Refuse): void {
  const overlapping = candidates.filter(({ written }) => written.handover === 'overlap');
  const owned = new Map(overlapping.filter(isOwnGroup).map(({ group, written }) => [group, written.name]));
  for (const candidate of candidates) {
    const { group, written } = candidate;
    const owner = owned.get(group);
    if (owner !== undefined && owner !== written.name) {
      refuse(
        candidate,
        ['group'],
        `expected another group, because ${owner} has handover overlap, and so no other members`,
      );
    } else if (owner === undefined && written.handover === 'overlap' && groupSizes.get(group) !== 1) {
      refuse(candidate, ['handover'], `expected exclusive, because group ${group} has other members`);
    }
  }
}

function checkCycles(candidates: readonly Candidate[], refuse: Refuse): void {
  const dependencies = new Map(candidates.map(({ written }) => [written.name, written.dependsOn]));
  for (const candidate of candidates) {
    const cycle = pathBack(candidate.written.name, dependencies);
    if (cycle !== undefined) {
      refuse(candidate, ['dependsOn'], `expected no cycle, but ${cycle.join(' depends on ')}`);
    }
  }
}

/** The shortest way from a service along its dependencies back to itself, both ends included; undefined: none. */
function pathBack(start: string, dependencies: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const visited = new Set<string>();
  const paths = [[start]];
  for (const path of paths) {
    for (const next of dependencies.get(path.at(-1) ?? start) ?? []) {
      if (next === start) return [...path, start];
      if (visited.has(next)) continue;
      visited.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}

function checkGroups(candidates: readonly Candidate[], refuse: Refuse): void {
  const groups = new Map(candidates.map(({ written, group }) => [written.name, group]));
  for (const candidate of candidates) {
    for (const [index, dependency] of candidate.written.dependsOn.entries()) {
      const group = groups.get(dependency);
      if (group !== undefined && group !== candidate.group) {
        const text = `expected services of group ${candidate.group}, but ${dependency} belongs to group ${group}`;
        refuse(candidate, ['dependsOn', index], text);
      }
    }
  }
}

function checkAddresses(candidates: readonly Candidate[], refuse: Refuse): void {
  const owners = new Map<string, string>();
  for (const candidate of candidates) {
    for (const [index, address] of candidate.written.addresses.entries()) {
      const owner = owners.get(address);
      if (owner === undefined) owners.set(address, candidate.written.name);
      else refuse(candidate, ['addresses', index], `expected an address of its own, but ${address} is ${owner}'s`);
    }
  }
}

function checkDependencies(candidates: readonly Candidate[], all: readonly Candidate[], refuse: Refuse): void {
  const usable = new Set(candidates.map(({ written }) => written.name));
  const known = new Set(all.map(({ written }) => written.name));
  for (const candidate of candidates) {
    for (const [index, dependency] of candidate.written.dependsOn.entries()) {
      if (usable.has(dependency)) continue;
      const state = known.has(dependency) ? 'is refused itself' : 'is not defined, or its file is wrong';
      refuse(candidate, ['dependsOn', index], `expected a service of this node, but ${dependency} ${state}`);
    }
  }
}
