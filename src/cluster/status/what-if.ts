import { formatRouterId, type RouterId } from '../../model/index.js';
import { labelOf } from '../commands/index.js';
import type { NodeState } from '../state/index.js';

/** What might happen to a node. */
export type WhatIf<Node = RouterId> =
  | { readonly change: 'lose' | 'return' | 'standby'; readonly node: Node }
  | { readonly change: 'stop'; readonly node: Node; readonly what: Named }
  | WhatIfMoved<Node>;

/** `pin` is a move that holds against higher preferences. */
export interface WhatIfMoved<Node = RouterId> {
  readonly change: 'move' | 'pin';
  readonly node: Node;
  readonly what: Named;
}

/** What a command names. */
export type Named =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'group'; readonly group: string };

/** Why the question cannot be answered; null: it can. */
export function whyNoAnswer(state: NodeState, whatIf: WhatIf): string | null {
  const { node } = whatIf;
  if (node !== state.self && !state.view.nodes.has(node)) {
    return `no node ${formatRouterId(node)} is known in this cluster`;
  }
  if (!('what' in whatIf)) return null;
  const { what } = whatIf;
  const members = what.kind === 'service' ? [what.service] : [...(state.view.groups.get(what.group) ?? [])];
  if (members.some((member) => isKnown(state, node, member))) return null;
  const name = node === state.self ? state.settings.nodeName : labelOf(state, node);
  return `${name} has no service ${what.kind === 'service' ? what.service : `of a group ${what.group}`}`;
}

function isKnown(state: NodeState, node: RouterId, service: string): boolean {
  if (node === state.self) return state.replicas.has(service);
  return state.view.replicas.get(service)?.has(node) ?? false;
}
