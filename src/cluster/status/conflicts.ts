import { differingKeys, formatRouterId, type SharedDefinition } from '../../model/index.js';
import { countingReplicas } from '../group/index.js';
import type { NodeState } from '../state/index.js';

/** What a definition would do to what other nodes announce now. */
export interface DefinitionConflict {
  readonly key: string;
  readonly message: string;
  /** `refused`: it cannot work; `warning`: it cannot until the other nodes say the same. */
  readonly level: 'refused' | 'warning';
}

/** Compares a definition with what the nodes announce that count. */
export function definitionConflicts(state: NodeState, definition: SharedDefinition): DefinitionConflict[] {
  return [...takenAddresses(state, definition), ...differences(state, definition)];
}

function takenAddresses(state: NodeState, { name, addresses }: SharedDefinition): DefinitionConflict[] {
  return addresses.flatMap((address, index) => {
    for (const other of state.view.addresses.get(address) ?? []) {
      if (other === name) continue;
      for (const { origin, announcement } of countingReplicas(state, other)) {
        if (!announcement.definition.addresses.includes(address)) continue;
        const message = `expected an address of its own, but ${address} is ${other}'s on ${formatRouterId(origin)}`;
        return [{ key: `addresses.${index}`, message, level: 'refused' as const }];
      }
    }
    return [];
  });
}

function differences(state: NodeState, definition: SharedDefinition): DefinitionConflict[] {
  const found: DefinitionConflict[] = [];
  for (const { origin, announcement } of countingReplicas(state, definition.name)) {
    for (const key of differingKeys(definition, announcement.definition)) {
      const message = `differs from what ${formatRouterId(origin)} has: until they agree, one of them does not count`;
      if (!found.some((other) => other.key === key)) found.push({ key, message, level: 'warning' });
    }
  }
  return found;
}
