import type { Assent, RouterId } from '../../model/index.js';
import { groupState, isResourceSomewhere, referenceOf } from '../group/index.js';
import type { NodeState, Replica } from '../state/index.js';
import { reachableReplicas } from '../view/index.js';
import { gateClosedBy } from './gate.js';

/**
 * Whose start of a resource this replica agrees to. None while this node may be using it itself; otherwise the elected
 * owner and the claim that owner announces, and to one that is starting only if no third node would close our own gate.
 * It is about the resource, by name: who has it in another group, or as a service, by mistake agrees all the same.
 */
export function assentOf(state: NodeState, replica: Replica): Assent | null {
  const { name } = replica.definition;
  if (!isResourceSomewhere(state, name) || mayUseIt(replica)) return null;
  const { kind, group } = referenceOf(state, name) ?? replica.definition;
  if (kind !== 'resource') return null;
  const { owner } = groupState(state, group);
  if (owner === null || owner === state.self) return null;
  const announced = state.view.replicas.get(name)?.get(owner)?.announcement;
  if (announced === undefined || announced.claim === 0) return null;
  if (announced.runState === 'starting' && gateClosedBy(state, name, owner) !== null) return null;
  return { owner, claim: announced.claim };
}

/**
 * The reachable replicas that have not assented to our start with our claim. A silent one that had stopped, or of which an operator has
 * made sure, is not waited for.
 */
export function* assentOwedBy(state: NodeState, replica: Replica): Generator<RouterId> {
  const { name, group } = replica.definition;
  const { claim } = groupState(state, group);
  for (const { origin, announcement } of reachableReplicas(state.view, name)) {
    const { assent, runState } = announcement;
    if (assent !== null && assent.owner === state.self && assent.claim === claim) continue;
    const idle = runState === 'stopped' || runState === 'failed' || state.holders.get(name)?.has(origin) !== true;
    if (idle && state.view.nodes.get(origin)?.silent) continue;
    yield origin;
  }
}

function mayUseIt(replica: Replica): boolean {
  switch (replica.run) {
    case 'starting':
    case 'started':
    case 'stopping':
      return true;
    case 'failed':
      return replica.persisted.stopFailed !== null;
    case 'stopped':
      return false;
  }
}
