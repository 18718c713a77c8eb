import { formatRouterId, routerId, type SharedDefinition } from '../../model/index.js';
import { SHARED_KEYS, type SharedValues } from '../../tables/index.js';
import type { NodeState } from '../state/index.js';

/** How a service is configured on one node, as far as that node announces it. */
export interface NodeConfiguration {
  readonly routerId: string;
  readonly preference: number;
  /** 16 hexadecimal digits over definition and Makefile, without what is naturally a node's own. */
  readonly hash: string;
  /** What must be the same on all nodes. */
  readonly shared: SharedValues;
}

/** The service on every node that announces it, and on this one in any case; sorted by router ID. */
export function describeConfigurations(state: NodeState, name: string): NodeConfiguration[] {
  const found: (NodeConfiguration & { readonly id: number })[] = [];
  const own = state.replicas.get(name)?.definition;
  const self = state.self ?? routerId(0);
  if (own !== undefined) found.push(describe(self, own.preference, own.hash, own));
  for (const { origin, presence, announcement } of state.view.replicas.get(name)?.values() ?? []) {
    if (presence !== 'held') continue;
    found.push(describe(origin, announcement.preference, announcement.definitionHash, announcement.definition));
  }
  return found.sort((a, b) => a.id - b.id).map(({ id: _, ...configuration }) => configuration);
}

function describe(id: ReturnType<typeof routerId>, preference: number, hash: string, definition: SharedDefinition) {
  const shared = Object.fromEntries(
    SHARED_KEYS.map((key) => [key, definition[key]]),
  ) as unknown as NodeConfiguration['shared'];
  return { id, routerId: formatRouterId(id), preference, hash, shared };
}
