import { isDeepStrictEqual } from 'node:util';
import { OWN_KEYS, SHARED_KEYS } from '../../tables/index.js';
import { isKeys, type Keys, ownValue } from './applied-file.js';

/** What one node has of a service; null: nothing. */
export interface OnNode {
  readonly node: string;
  readonly keys: Keys | null;
}

export interface Merged {
  /** With `nodes`, where nodes differ: what `apply` makes the same of on each. */
  readonly keys: Keys;
  /** Keys that should be the same on all nodes and are not; those of the first node are taken. */
  readonly conflicts: readonly string[];
}

/** One definition of what the nodes have of a service. One of them has it. */
export function mergedDefinition(onNodes: readonly OnNode[]): Merged {
  const first = onNodes.find(({ keys }) => keys !== null)?.keys ?? {};
  const present = onNodes.flatMap(({ keys }) => (keys === null ? [] : [keys]));
  const apart = OWN_KEYS.filter((key) => present.some((keys) => !isDeepStrictEqual(keys[key], first[key])));
  const base = without(first, apart);
  // By names that nodes give themselves: an object would take `__proto__` for something else.
  const nodes = new Map<string, Keys | false>();
  const conflicts = new Set<string>();
  for (const { node, keys } of onNodes) {
    if (keys === null) {
      nodes.set(node, false);
      continue;
    }
    const common = without(keys, apart);
    const others = overrides(without(base, SHARED_KEYS), without(common, SHARED_KEYS));
    const own = apart.filter((key) => keys[key] !== undefined).map((key) => [key, keys[key]]);
    const section = { ...Object.fromEntries(own), ...others };
    if (Object.keys(section).length > 0) nodes.set(node, section);
    for (const key of SHARED_KEYS) if (!isDeepStrictEqual(base[key], common[key])) conflicts.add(key);
  }
  return { keys: nodes.size === 0 ? base : { ...base, nodes: Object.fromEntries(nodes) }, conflicts: [...conflicts] };
}

function without(keys: Keys, names: readonly string[]): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => !names.includes(key)));
}

/** What makes the one of the other; null takes a key away. */
function overrides(base: Keys, wanted: Keys): Keys {
  const names = [...new Set([...Object.keys(base), ...Object.keys(wanted)])];
  const entries = names.flatMap((name): [string, unknown][] => {
    const [from, to] = [ownValue(base, name), ownValue(wanted, name)];
    if (isDeepStrictEqual(from, to)) return [];
    return [[name, isKeys(from) && isKeys(to) ? overrides(from, to) : (to ?? null)]];
  });
  return Object.fromEntries(entries);
}
