import type { RouterId } from '../../model/index.js';
import { type Answer, done, refused } from '../answers/index.js';
import { confirmHolderStopped, mayHold } from '../exclusion/index.js';
import { isResourceSomewhere } from '../group/index.js';
import type { CommandEvent, NodeState, Turn } from '../state/index.js';
import { reachableReplicas } from '../view/index.js';
import { sendCommand } from './remote-commands.js';
import { labelOf } from './take-over.js';

/**
 * An operator has made sure that a resource does not run on a node any more whose daemon cannot say so, or whose node cannot be
 * reached: what others call the manual confirmation of fencing. Only this node's hold on it is forgotten. The other nodes keep
 * the same holder in mind, and would agree to no start: whoever was told by an operator tells them.
 */
export function confirmStopped(turn: Turn, service: string, event: CommandEvent): Answer {
  const { state } = turn;
  const { holder, operator } = event;
  if (holder === undefined) return refused(`confirm-stopped needs the node on which ${service} does not run any more`);
  const obstacle = whyNotConfirmed(state, service, holder);
  if (obstacle !== null) return refused(obstacle);
  const waited = confirmHolderStopped(turn, service, holder);
  const isTold = state.remote.executing.has(event.request);
  const told = isTold ? [] : tellOthers(turn, service, event, holder);
  const where = labelOf(state, holder);
  const here = state.settings.nodeName;
  if (!waited && told.length === 0 && !isTold)
    return refused(`${here} does not wait for ${where} to let go of ${service}`);
  const others = told.length === 0 ? '' : `; told ${told.map((id) => labelOf(state, id)).join(', ')}`;
  return done(
    waited
      ? `${service} does not run on ${where} any more, ${operator} has made sure${others}`
      : `${here} does not wait for ${where} to let go of ${service}${others}`,
  );
}

/** Why that node need not be confirmed to have stopped it; null: it may be. */
export function whyNotConfirmed(state: NodeState, service: string, holder: RouterId): string | null {
  const here = state.settings.nodeName;
  if (holder === state.self) return `${here} itself knows whether it runs ${service}: stop it, or clear its failure`;
  const observed = state.view.replicas.get(service)?.get(holder);
  const definition = state.replicas.get(service)?.definition ?? observed?.announcement.definition;
  if (definition === undefined) return `no service ${service} is known on ${here}`;
  if (definition.kind !== 'resource' && !isResourceSomewhere(state, service))
    return `${service} is no resource: nobody waits for a node to let go of it`;
  const node = state.view.nodes.get(holder);
  if (observed?.presence !== 'held' || node?.reachable !== true || node.silent) return null;
  if (!mayHold(state, observed.announcement)) return null;
  const { runState } = observed.announcement;
  return `${labelOf(state, holder)} says itself that ${service} is ${runState} there: stop it there, or clear its failure there`;
}

function tellOthers(
  turn: Turn,
  service: string,
  { operator, role, order }: CommandEvent,
  holder: RouterId,
): RouterId[] {
  const others = [...reachableReplicas(turn.state.view, service)].map(({ origin }) => origin);
  const told = others.filter((origin) => origin !== holder);
  for (const target of told) {
    sendCommand(turn, { type: 'command', request: '', operator, role, order, target, pin: false, holder }, target);
  }
  return told;
}
