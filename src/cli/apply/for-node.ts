import { OWN_KEYS } from '../../tables/index.js';
import { type AppliedDefinition, isKeys, type Keys, ownValue } from './applied-file.js';

export interface NodeName {
  readonly name: string;
  /** Dotted quad. */
  readonly routerId: string;
}

/**
 * What a node's definition is to say; null: it is to have none. What is naturally a node's own stays as the node has it, unless
 * the file says it. `present`: what it says now; undefined: there is none.
 */
export function wantedOn(definition: AppliedDefinition, node: NodeName, present: Keys | undefined): Keys | null {
  const { keys, nodes } = definition;
  const own = ownValue(nodes, node.name) ?? ownValue(nodes, node.routerId) ?? {};
  if (own === false) return null;
  const kept = OWN_KEYS.filter((key) => !(key in keys) && !(key in own) && present?.[key] !== undefined);
  return { ...merged(keys, own), ...Object.fromEntries(kept.map((key) => [key, present?.[key]])) };
}

/** Of a section such as `check` only what is said is another; null takes a key away. */
function merged(base: Keys, other: Keys): Keys {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(other)) {
    const before = ownValue(result, key);
    if (value === null) delete result[key];
    else result[key] = isKeys(value) ? merged(isKeys(before) ? before : {}, value) : value;
  }
  return result;
}
