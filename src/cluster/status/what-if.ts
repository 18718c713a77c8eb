import { parseRouterId, type RouterId } from '../../model/index.js';
import type { NodeState } from '../state/index.js';

/** What might happen. */
export type WhatIf =
  | { readonly change: 'lose' | 'return' | 'standby'; readonly node: RouterId }
  | { readonly change: 'stop'; readonly node: RouterId; readonly what: Named }
  | WhatIfMoved;

/** `pin` is a move that holds against higher preferences. */
export interface WhatIfMoved {
  readonly change: 'move' | 'pin';
  readonly node: RouterId;
  readonly what: Named;
}

/** What a command names. */
export type Named =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'group'; readonly group: string };

const QUESTIONS = {
  lose: 'lose NODE',
  return: 'return NODE',
  standby: 'standby NODE',
  stop: 'stop NODE SERVICE',
  move: 'move NODE SERVICE',
  pin: 'pin NODE SERVICE',
  'stop-group': 'stop-group NODE GROUP',
  'move-group': 'move-group NODE GROUP',
  'pin-group': 'pin-group NODE GROUP',
} as const;

type Verb = keyof typeof QUESTIONS;

/** Reads a question such as `lose A` or `move B WEB`. Returns a sentence instead if it is not understood. */
export function parseWhatIf(state: NodeState, text: string): WhatIf | string {
  const words = text.trim().split(/\s+/);
  const [verb = '', name = '', what = ''] = words;
  if (!isVerb(verb)) {
    const all = Object.values(QUESTIONS).map((question) => `"${question}"`);
    return `expected ${all.slice(0, -1).join(', ')} or ${all.at(-1)}, got "${text}"`;
  }
  if (words.length !== QUESTIONS[verb].split(' ').length) return `expected "${QUESTIONS[verb]}", got "${text}"`;
  const node = nodeNamed(state, name);
  if (node === undefined) return `no node ${name} is known in this cluster`;
  switch (verb) {
    case 'lose':
    case 'return':
    case 'standby':
      return { change: verb, node };
    case 'stop':
    case 'move':
    case 'pin':
      if (!isKnown(state, node, what)) return `${name} has no service ${what}`;
      return { change: verb, node, what: { kind: 'service', service: what } };
    case 'stop-group':
    case 'move-group':
    case 'pin-group': {
      const members = [...(state.view.groups.get(what) ?? [])];
      if (!members.some((member) => isKnown(state, node, member))) return `${name} has no service of a group ${what}`;
      return { change: CHANGES[verb], node, what: { kind: 'group', group: what } };
    }
  }
}

const CHANGES = { 'stop-group': 'stop', 'move-group': 'move', 'pin-group': 'pin' } as const;

function isVerb(word: string): word is Verb {
  return Object.hasOwn(QUESTIONS, word);
}

function isKnown(state: NodeState, node: RouterId, service: string): boolean {
  if (node === state.self) return state.replicas.has(service);
  return state.view.replicas.get(service)?.has(node) ?? false;
}

function nodeNamed(state: NodeState, name: string): RouterId | undefined {
  const { self, settings, view } = state;
  const id = parseRouterId(name);
  if (id !== undefined && (id === self || view.nodes.has(id))) return id;
  if (name === settings.nodeName && self !== null) return self;
  for (const node of view.nodes.values()) if (node.daemon?.hostName === name) return node.id;
  return undefined;
}
