import { formatRouterId, type RouterId } from '../../model/index.js';
import { labelOf, whyPreferred } from '../commands/index.js';
import {
  bestCandidate,
  candidacy,
  compareCandidates,
  electOwner,
  type NodeFacts,
  type ReplicaFacts,
  type Requirements,
  referenceDefinitions,
  requirementsOf,
  usableMembers,
} from '../election/index.js';
import { groupFacts, isOnStandby, nextClaim, otherFacts } from '../group/index.js';
import type { NodeState } from '../state/index.js';
import { barWords, conflictWith } from './status.js';
import type { Named, WhatIf, WhatIfMoved } from './what-if.js';

/** Where a group would go, and which of its members would run there. */
export interface SimulatedGroup {
  readonly group: string;
  /** Router IDs; null: nobody can run it. */
  readonly before: string | null;
  readonly after: string | null;
  readonly members: readonly string[];
  /** Why what was asked about would be refused, so that nothing changes; null: it would not. */
  readonly refused: string | null;
}

/**
 * What the cluster would come to if this happened now, by the same election, from the present view. It answers for the
 * state at rest: who would own each group, not how long that would take.
 */
export function simulate(state: NodeState, whatIf: WhatIf): SimulatedGroup[] {
  return [...state.view.groups.keys()].sort().map((group) => {
    const now = groupFacts(state, group);
    const isMove = whatIf.change === 'move' || whatIf.change === 'pin';
    const refused = isMove && isNamed(whatIf.what, group, now) ? whyNoMove(state, group, now, whatIf) : null;
    const then = refused === null ? changeFacts(state, group, now, whatIf) : now;
    const before = electOwner(now, group)?.id ?? null;
    const after = electOwner(then, group)?.id ?? null;
    const owner = then.find(({ id }) => id === after);
    const members = owner === undefined ? [] : [...usableMembers(owner, referenceDefinitions(then, group))].sort();
    return { group, before: label(before), after: label(after), members, refused };
  });
}

function isNamed(what: Named, group: string, facts: readonly NodeFacts[]): boolean {
  if (what.kind === 'group') return what.group === group;
  return facts.some(({ replicas }) => replicas.get(what.service)?.definition.group === group);
}

function changeFacts(state: NodeState, group: string, facts: readonly NodeFacts[], whatIf: WhatIf): NodeFacts[] {
  const changed = (change: (node: NodeFacts) => NodeFacts) =>
    facts.map((node) => (node.id === whatIf.node ? change(node) : node));
  switch (whatIf.change) {
    case 'lose':
      return facts.filter(({ id }) => id !== whatIf.node);
    case 'standby':
      return changed((node) => ({ ...node, standby: true }));
    case 'stop':
      return changed((node) => withStandby(node, group, whatIf.what));
    case 'move':
    case 'pin':
      return isNamed(whatIf.what, group, facts) ? changed((node) => withClaim(state, group, node, whatIf)) : [...facts];
    case 'return': {
      const others = facts.filter(({ id }) => id !== whatIf.node);
      const returned = returnedNode(state, group, whatIf.node);
      return returned.replicas.size === 0 ? others : [...others, returned];
    }
  }
}

function withStandby(node: NodeFacts, group: string, what: Named): NodeFacts {
  return withReplicas(node, (service, facts) =>
    isMeant(what, group, service, facts) ? { ...facts, standby: true, claim: 0, pinned: false } : facts,
  );
}

/** As after a move that is not refused: whoever is named goes off standby, and the node has the highest claim. */
function withClaim(state: NodeState, group: string, node: NodeFacts, { change, what }: WhatIfMoved): NodeFacts {
  const claim = nextClaim(state, group);
  const pinned = change === 'pin';
  return withReplicas(withoutStandby(node, group, what), (_, facts) => ({ ...facts, claim, pinned }));
}

function withoutStandby(node: NodeFacts, group: string, what: Named): NodeFacts {
  return withReplicas(node, (service, facts) =>
    isMeant(what, group, service, facts) ? { ...facts, standby: false } : facts,
  );
}

function isMeant(what: Named, group: string, service: string, { definition }: ReplicaFacts): boolean {
  return what.kind === 'service' ? what.service === service : what.group === group && definition.group === group;
}

function withReplicas(node: NodeFacts, change: (service: string, facts: ReplicaFacts) => ReplicaFacts): NodeFacts {
  const changed = [...node.replicas].map(([service, facts]) => [service, change(service, facts)] as const);
  return { ...node, replicas: new Map(changed) };
}

/** As take-over.ts would answer there, as far as other nodes can know; null: it would not be refused. */
function whyNoMove(state: NodeState, group: string, facts: readonly NodeFacts[], whatIf: WhatIfMoved): string | null {
  const { node: id, what } = whatIf;
  const there = facts.find((node) => node.id === id);
  const name = id === state.self ? state.settings.nodeName : labelOf(state, id);
  if (there === undefined) return `${name} has nothing of the group ${group} active`;
  if (there.standby) return `${name} is on standby: end that first`;
  const named = what.kind === 'service' ? there.replicas.get(what.service) : undefined;
  if (what.kind === 'service' && named === undefined) return `${what.service} is not active on ${name}`;
  if (what.kind === 'service' && named?.runState === 'failed') {
    return `${what.service} has failed on ${name}: clear it first`;
  }
  for (const [service, { runState }] of there.replicas) {
    if (runState === 'stopping') return `${service} is still stopping on ${name}`;
  }
  const requirements = requirementsOf(facts, group);
  const relieved = withoutStandby(there, group, what);
  const candidate = candidacy(relieved, requirements);
  if (candidate === null) return `${name} cannot run it: ${whyUnusable(state, relieved, group, requirements)}`;
  const claim = nextClaim(state, group);
  const wouldBe = { ...candidate, claim, pin: whatIf.change === 'pin' ? claim : candidate.pin };
  const rivals = facts.filter((node) => node.id !== id);
  const rival = bestCandidate(rivals, requirements);
  if (rival === null || compareCandidates(wouldBe, rival) > 0) return null;
  return `${labelOf(state, rival.id)} would take it back at once: ${whyPreferred(rival, wouldBe)}`;
}

function whyUnusable(
  state: NodeState,
  { replicas }: NodeFacts,
  group: string,
  { definitions, required }: Requirements,
): string {
  for (const service of required) {
    const facts = replicas.get(service);
    const reference = definitions.get(service);
    const member = `${service}, which the group ${group} requires,`;
    if (facts === undefined || reference === undefined) return `${member} is not active there`;
    if (facts.runState === 'failed') return `${service} has failed there: clear it first`;
    if (facts.standby) return `${member} ${facts.joining ? 'does not become ready' : 'is on standby'} there`;
    if (facts.joining) return 'it is still joining the cluster: try again in a moment';
    const conflict = conflictWith(facts.definition, reference);
    const bar = facts.bar === null ? conflict : barWords(state, facts.bar, facts.definition);
    if (bar !== null) return `${service} does not count there: ${bar}`;
  }
  return `not every member that the group ${group} requires is usable there`;
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

function label(id: RouterId | null): string | null {
  return id === null ? null : formatRouterId(id);
}
