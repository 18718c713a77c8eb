import type { NodeState } from '../state/index.js';
import { reachableReplicas } from '../view/index.js';

/**
 * Whether somebody says that this is a resource, or said so before its daemon died. Another definition may be wrong, ours too: then
 * it is better taken for one.
 */
export function isResourceSomewhere(state: NodeState, service: string): boolean {
  if (state.replicas.get(service)?.definition.kind === 'resource') return true;
  for (const { announcement } of reachableReplicas(state.view, service)) {
    if (announcement.definition.kind === 'resource') return true;
  }
  for (const { resource } of state.holders.get(service)?.values() ?? []) if (resource) return true;
  return false;
}
