import type { SharedDefinition } from '../../model/index.js';
import type { NodeState } from '../state/index.js';

/** A definition is no longer in use somewhere: group and addresses are looked up no more where nobody uses them. */
export function unindexDefinition(state: NodeState, { name, group, addresses, dependsOn }: SharedDefinition): void {
  const { view } = state;
  const used = definitionsOf(state, name);
  if (!used.some((other) => other.group === group)) removeFrom(view.groups, group, name);
  for (const address of addresses) {
    if (!used.some((other) => other.addresses.includes(address))) removeFrom(view.addresses, address, name);
  }
  for (const needed of dependsOn) {
    if (!used.some((other) => other.dependsOn.includes(needed))) removeFrom(view.dependents, needed, name);
  }
}

function definitionsOf({ replicas, view }: NodeState, name: string): SharedDefinition[] {
  const own = replicas.get(name)?.definition;
  const others = [...(view.replicas.get(name)?.values() ?? [])].map(({ announcement }) => announcement.definition);
  return own === undefined ? others : [own, ...others];
}

function removeFrom(index: Map<string, Set<string>>, key: string, service: string): void {
  const services = index.get(key);
  services?.delete(service);
  if (services?.size === 0) index.delete(key);
}
