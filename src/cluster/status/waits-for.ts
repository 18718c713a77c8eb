import { formatRouterId } from '../../model/index.js';
import { assentOwedBy, gateClosedBy, unconfirmedReplica } from '../exclusion/index.js';
import { groupState, localMembers, newcomer, resourceMayStart } from '../group/index.js';
import { whatHandoverWaitsFor, whatVerifyingWaitsFor, whatWatchWaitsFor } from '../replica/index.js';
import type { NodeState, Replica } from '../state/index.js';

/** What a replica of this node waits for, in words; null: for nothing. */
export function waitsFor(state: NodeState, replica: Replica): string | null {
  const verified = whatVerifyingWaitsFor(replica);
  if (verified !== null) return verified;
  if (replica.job !== null) {
    const { primitive, recall } = replica.job;
    return recall === 0 ? `the end of ${primitive}` : `the end of ${primitive} (call ${recall + 1})`;
  }
  if (replica.config === 'injected') return 'its own announcement to come back (is a neighbour Full?)';
  if (replica.run === 'started')
    return whatHandoverWaitsFor(replica) ?? whatRestartWaitsFor(state, replica) ?? whatWatchWaitsFor(replica);
  if (replica.run === 'stopping') return dependentsOf(state, replica);
  if (replica.run === 'stopped' && replica.config === 'active') return whatKeepsFromStarting(state, replica);
  if (replica.run !== 'starting') return null;
  const closed = gateClosedBy(state, replica.definition.name);
  if (closed !== null) return `${formatRouterId(closed.node)}, which ${closed.why}`;
  if (!replica.echoed) return 'its own announcement to come back';
  const missing = replica.definition.dependsOn.filter((name) => state.replicas.get(name)?.run !== 'started');
  if (missing.length > 0) return `${missing.join(', ')} to be started`;
  if (replica.alias === 'rising') return 'its address to come up';
  if (replica.definition.kind !== 'resource') return null;
  const unheard = newcomer(state, replica.definition.name);
  if (unheard !== null) return `${formatRouterId(unheard)}, which has just come, to say whether it uses it`;
  const owing = [...assentOwedBy(state, replica)].map(formatRouterId);
  return owing.length === 0 ? null : `the assent of ${owing.join(', ')}`;
}

function whatRestartWaitsFor(state: NodeState, replica: Replica): string | null {
  return replica.restart === null ? null : dependentsOf(state, replica);
}

function dependentsOf(state: NodeState, replica: Replica): string | null {
  const { name, group } = replica.definition;
  const running = localMembers(state, group).filter(
    ({ definition, run }) => definition.dependsOn.includes(name) && run !== 'stopped' && run !== 'failed',
  );
  return running.length === 0 ? null : `${running.map(({ definition }) => definition.name).join(', ')} to be stopped`;
}

/** It could be elected here, or is, and may not even say that it starts. */
function whatKeepsFromStarting(state: NodeState, replica: Replica): string | null {
  const { name, group, kind } = replica.definition;
  const { owner } = groupState(state, group);
  if (owner === null && kind === 'resource' && !resourceMayStart(state, replica))
    return 'the first seconds after it was announced to pass';
  if (state.self === null || owner !== state.self) return null;
  if (state.phase === 'alone' && kind === 'resource') return 'a neighbour: a node that is alone starts no resource';
  const unconfirmed = unconfirmedReplica(state, name);
  return unconfirmed === null
    ? null
    : `${formatRouterId(unconfirmed)} to confirm what it announced before it was reachable`;
}
