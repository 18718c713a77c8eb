import { agrees, type SharedDefinition } from '../../model/index.js';
import type { NodeFacts, ReplicaFacts } from './facts.js';

/** The members that the node could run: usable themselves, with all their dependencies. */
export function usableMembers(
  node: NodeFacts,
  definitions: ReadonlyMap<string, SharedDefinition>,
  which: 'now' | 'joining too' = 'now',
): Set<string> {
  const usable = new Set<string>();
  const visiting = new Set<string>();
  const visit = (service: string): boolean => {
    if (usable.has(service)) return true;
    if (visiting.has(service)) return false; // a dependency cycle, or known to be unusable
    visiting.add(service);
    const facts = node.replicas.get(service);
    const reference = definitions.get(service);
    if (facts === undefined || reference === undefined || !isUsable(facts, reference)) return false;
    if (facts.joining && which === 'now') return false;
    if (!reference.dependsOn.every(visit)) return false;
    usable.add(service);
    return true;
  };
  for (const service of node.replicas.keys()) visit(service);
  return usable;
}

function isUsable(facts: ReplicaFacts, reference: SharedDefinition): boolean {
  return facts.bar === null && facts.runState !== 'failed' && !facts.standby && agrees(facts.definition, reference);
}
