import { electOwner, type NodeFacts, type ReplicaFacts, referenceDefinitions, usableMembers } from './election.js';
import { groupFacts, isOnStandby, otherFacts } from './group.js';
import { formatRouterId, parseRouterId, type RouterId } from './router-id.js';
import type { NodeState } from './state.js';

/** A question such as `lose A`, `return B`, `stop A WEB`. */
export type WhatIf =
  | { readonly change: 'lose' | 'return'; readonly node: RouterId }
  | { readonly change: 'stop'; readonly node: RouterId; readonly service: string };

/** Where a group would go, and which of its members would run there. */
export interface SimulatedGroup {
  readonly group: string;
  /** Router IDs; null: nobody can run it. */
  readonly before: string | null;
  readonly after: string | null;
  readonly members: readonly string[];
}

/** Reads a question. Gives a sentence instead if it is not understood. */
export function parseWhatIf(state: NodeState, text: string): WhatIf | string {
  const [change, name = '', service] = text.trim().split(/\s+/);
  const expected = 'expected "lose NODE", "return NODE" or "stop NODE SERVICE"';
  if (change !== 'lose' && change !== 'return' && change !== 'stop') return `${expected}, got "${text}"`;
  const node = nodeNamed(state, name);
  if (node === undefined) return `no node ${name} is known in this cluster`;
  if (change !== 'stop') return service === undefined ? { change, node } : `${expected}, got "${text}"`;
  if (service === undefined) return `${expected}, got "${text}"`;
  const known = node === state.self ? state.replicas.has(service) : state.view.replicas.get(service)?.has(node);
  return known ? { change, node, service } : `${name} has no service ${service}`;
}

/**
 * What the cluster would come to if this happened now, by the same election, from the present view. It answers for the
 * state at rest: who would own each group, not how long that would take.
 */
export function simulate(state: NodeState, whatIf: WhatIf): SimulatedGroup[] {
  const groups = [...state.view.groups.keys()].sort();
  return groups.map((group) => {
    const now = groupFacts(state, group);
    const then = changeFacts(state, group, now, whatIf);
    const before = electOwner(now, group)?.id ?? null;
    const after = electOwner(then, group)?.id ?? null;
    const owner = then.find(({ id }) => id === after);
    const members = owner === undefined ? [] : [...usableMembers(owner, referenceDefinitions(then, group))].sort();
    return { group, before: label(before), after: label(after), members };
  });
}

function changeFacts(state: NodeState, group: string, facts: readonly NodeFacts[], whatIf: WhatIf): NodeFacts[] {
  switch (whatIf.change) {
    case 'lose':
      return facts.filter(({ id }) => id !== whatIf.node);
    case 'stop':
      return facts.map((node) => (node.id === whatIf.node ? withStandby(node, whatIf.service) : node));
    case 'return': {
      const others = facts.filter(({ id }) => id !== whatIf.node);
      const returned = returnedNode(state, group, whatIf.node);
      return returned.replicas.size === 0 ? others : [...others, returned];
    }
  }
}

function withStandby(node: NodeFacts, service: string): NodeFacts {
  const facts = node.replicas.get(service);
  if (facts === undefined) return node;
  return {
    ...node,
    replicas: new Map([...node.replicas, [service, { ...facts, standby: true, claim: 0, pinned: false }]]),
  };
}

/** A node as it would be once it has joined: what it announced last, stopped, well and without a claim. */
function returnedNode(state: NodeState, group: string, id: RouterId): NodeFacts {
  const replicas = new Map<string, ReplicaFacts>();
  for (const service of state.view.groups.get(group) ?? []) {
    const observed = state.view.replicas.get(service)?.get(id);
    const own = id === state.self ? state.replicas.get(service) : undefined;
    const returned = { runState: 'stopped', joining: false, claim: 0, pinned: false, bar: null } as const;
    if (observed !== undefined) replicas.set(service, { ...otherFacts(state, observed), ...returned });
    if (own !== undefined) {
      const { definition } = own;
      replicas.set(service, {
        definition,
        preference: definition.preference,
        standby: isOnStandby(state, own),
        ...returned,
      });
    }
  }
  return { id, standby: state.view.nodes.get(id)?.daemon?.standby ?? false, replicas };
}

function nodeNamed(state: NodeState, name: string): RouterId | undefined {
  const { self, settings, view } = state;
  const id = parseRouterId(name);
  if (id !== undefined && (id === self || view.nodes.has(id))) return id;
  if (name === settings.nodeName && self !== null) return self;
  for (const node of view.nodes.values()) if (node.daemon?.hostName === name) return node.id;
  return undefined;
}

function label(id: RouterId | null): string | null {
  return id === null ? null : formatRouterId(id);
}
