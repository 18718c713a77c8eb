import type { SharedDefinition } from './announcement.js';
import { counts } from './counting.js';
import type { NodeFacts, ReplicaFacts } from './facts.js';
import type { RouterId } from './router-id.js';

/** A replica that counts, and its node. */
interface Voter {
  readonly id: RouterId;
  /** Of the replica, or of the whole node. */
  readonly standby: boolean;
  readonly facts: ReplicaFacts;
}

/**
 * The definition that counts for each member of a group. Replicas that differ from it are in conflict; a service whose
 * reference is in another group is no member of this one, and one that no replica that counts has is no member either.
 */
export function referenceDefinitions(nodes: readonly NodeFacts[], group: string): Map<string, SharedDefinition> {
  const voters = new Map<string, Voter[]>();
  for (const { id, standby, replicas } of nodes) {
    for (const [service, facts] of replicas) {
      if (!counts(facts)) continue;
      const voter = { id, standby: standby || facts.standby, facts };
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
 * it, and who has failed or is on standby only then.
 */
function referenceAmong(voters: readonly Voter[]): SharedDefinition | undefined {
  const first = voters[0]?.facts.definition;
  // The election asks with every event, and as a rule all agree.
  if (first === undefined || voters.every(({ facts }) => agrees(facts.definition, first))) return first;
  const started = voters.filter(({ facts }) => facts.runState === 'started');
  if (started.length > 0) return started.reduce(later).facts.definition;
  const able = voters.filter(({ facts, standby }) => facts.runState !== 'failed' && !standby);
  const joined = able.filter(({ facts }) => !facts.joining);
  return mostAgreed([joined, able, voters].find(({ length }) => length > 0) ?? []);
}

function later(a: Voter, b: Voter): Voter {
  return (a.facts.claim - b.facts.claim || a.id - b.id) > 0 ? a : b;
}

/** What most have; of two that equally many have, that of the highest router ID. */
function mostAgreed(voters: readonly Voter[]): SharedDefinition | undefined {
  const camps: { readonly definition: SharedDefinition; size: number; highest: RouterId }[] = [];
  for (const { facts, id } of voters) {
    const { definition } = facts;
    const camp = camps.find((other) => agrees(other.definition, definition));
    if (camp === undefined) {
      camps.push({ definition, size: 1, highest: id });
      continue;
    }
    camp.size += 1;
    if (id > camp.highest) camp.highest = id;
  }
  return camps.sort((a, b) => b.size - a.size || b.highest - a.highest)[0]?.definition;
}

/** Whether two definitions agree in everything that must be the same on all nodes. */
export function agrees(a: SharedDefinition, b: SharedDefinition): boolean {
  return (
    a === b ||
    (a.kind === b.kind &&
      a.group === b.group &&
      a.critical === b.critical &&
      a.scope === b.scope &&
      a.area === b.area &&
      a.preempt === b.preempt &&
      a.handover === b.handover &&
      sameSet(a.dependsOn, b.dependsOn) &&
      sameSet(a.addresses, b.addresses))
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
