import { agrees, type RouterId, type SharedDefinition } from '../../model/index.js';
import { counts, type NodeFacts, type ReplicaFacts } from './facts.js';
import { usableMembers } from './usable.js';

/** A replica that counts, and its node. */
interface Voter {
  readonly node: NodeFacts;
  readonly facts: ReplicaFacts;
}

/**
 * The definition that counts for each member of a group. Replicas that differ from it are in conflict; a service whose
 * reference is in another group is no member of this one, and one that no replica that counts has is no member either.
 */
export function referenceDefinitions(nodes: readonly NodeFacts[], group: string): Map<string, SharedDefinition> {
  const voters = new Map<string, Voter[]>();
  for (const node of nodes) {
    for (const [service, facts] of node.replicas) {
      if (!counts(facts)) continue;
      const voter = { node, facts };
      const others = voters.get(service);
      if (others === undefined) voters.set(service, [voter]);
      else others.push(voter);
    }
  }
  const references = new Map<string, SharedDefinition>();
  for (const [service, all] of voters) {
    const definition = referenceAmong(all);
    if (definition?.group === group) references.set(service, definition);
  }
  return references;
}

/**
 * What is in use cannot be wrong now: the definition of the started replica counts, of several that of the owner with the
 * later claim. Where none is started, the one that most nodes have which could run it: one slip of the pen, on whatever
 * node, must not keep the others from running what they agree on. Who joins is asked only where nobody else could run
 * it, then who could run the service, but not its group, and who has failed or is on standby only then. Who waits for a start that
 * it agrees with is asked with the first: otherwise its definition would count less while it waits, and that start would end.
 */
function referenceAmong(voters: readonly Voter[]): SharedDefinition | undefined {
  const first = voters[0]?.facts.definition;
  // The election asks with every event, and as a rule all agree.
  if (first === undefined || voters.every(({ facts }) => agrees(facts.definition, first))) return first;
  const started = voters.filter(({ facts }) => facts.runState === 'started');
  if (started.length > 0) return started.reduce(later).facts.definition;
  const asked = [...(sameGroup(voters) ? OF_THE_GROUP : []), ...OF_THE_SERVICE]
    .map((isAsked) => voters.filter((voter) => isAsked(voter, waitsForStart(voter, voters))))
    .find(({ length }) => length > 0);
  return mostAgreed(asked ?? voters);
}

type Question = (voter: Voter, waits: boolean) => boolean;

const OF_THE_GROUP: readonly Question[] = [
  (voter, waits) => canRunGroup(voter, waits ? 'joining too' : 'now'),
  (voter) => canRunGroup(voter, 'joining too'),
];

const OF_THE_SERVICE: readonly Question[] = [
  (voter, waits) => isAble(voter) && (waits || !voter.facts.joining),
  (voter) => isAble(voter),
];

/** It is joining, perhaps only because (`preemptDelay`) another node has begun to start the service, as it would itself. */
function waitsForStart({ facts: { joining, definition } }: Voter, voters: readonly Voter[]): boolean {
  return joining && voters.some(({ facts }) => facts.runState === 'starting' && agrees(facts.definition, definition));
}

function isAble({ facts, node }: Voter): boolean {
  return !node.standby && !facts.standby && facts.bar === null && facts.runState !== 'failed';
}

/**
 * Where they differ in the group, each group sees other members of these nodes, and must come to the same result: only
 * the replicas are asked then.
 */
function sameGroup([first, ...others]: readonly Voter[]): boolean {
  return others.every(({ facts }) => facts.definition.group === first?.facts.definition.group);
}

/** By its own definitions, the node could run this replica and all that its group requires. */
function canRunGroup({ facts: { definition }, node }: Voter, which: 'now' | 'joining too'): boolean {
  if (node.standby) return false;
  const own = new Map([...node.replicas].map(([service, facts]) => [service, facts.definition]));
  const usable = usableMembers(node, own, which);
  const critical = [...own.values()].filter((member) => member.critical && member.group === definition.group);
  return [definition, ...critical].every(({ name }) => usable.has(name));
}

function later(a: Voter, b: Voter): Voter {
  return (a.facts.claim - b.facts.claim || a.node.id - b.node.id) > 0 ? a : b;
}

/** What most have; of two that equally many have, that of the highest router ID. */
function mostAgreed(voters: readonly Voter[]): SharedDefinition | undefined {
  const camps: { readonly definition: SharedDefinition; size: number; highest: RouterId }[] = [];
  for (const { facts, node } of voters) {
    const { definition } = facts;
    const camp = camps.find((other) => agrees(other.definition, definition));
    if (camp === undefined) {
      camps.push({ definition, size: 1, highest: node.id });
      continue;
    }
    camp.size += 1;
    if (node.id > camp.highest) camp.highest = node.id;
  }
  return camps.sort((a, b) => b.size - a.size || b.highest - a.highest)[0]?.definition;
}
