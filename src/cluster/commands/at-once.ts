import type { Failure } from '../../model/index.js';
import type { ServiceCommand } from '../../tables/index.js';
import { type Answer, done, refused } from '../answers/index.js';
import { groupState, localMembers } from '../group/index.js';
import { whyNotRequested } from '../replica/index.js';
import type { NodeState, Replica } from '../state/index.js';

/** What decides whether a command to a replica changes anything: of this node's own, or of another node's as it is announced. */
export interface Commanded {
  readonly name: string;
  /** The name of its node. */
  readonly node: string;
  readonly config: string;
  readonly run: string;
  readonly failure: Failure | null;
  readonly standby: boolean;
  readonly pinned: boolean;
  readonly enabled: boolean;
  readonly activationWanted: boolean;
  /** An operator deactivated it, and nothing of it is left to be ended. */
  readonly deactivated: boolean;
  readonly stopFailed: boolean;
  /** The election names its node, and it runs there. */
  readonly inPlace: boolean;
  /** Why its node can take nothing over; null: it can. */
  readonly nodeObstacle: string | null;
  /** Why no primitive can be asked for; null: one can. */
  readonly notRequested: string | null;
}

export const SHUTTING_DOWN = 'this node is shutting down';

/**
 * What a command is answered with before anything is done: it is refused, or there is nothing to do. null: it is carried out.
 * The status says the same of every command beforehand.
 */
export function answerAtOnce(command: ServiceCommand, it: Commanded): Answer {
  const { name, node } = it;
  const isState = `${name} is ${it.config}/${it.run} on ${node}`;
  const failed = it.config === 'failed' || it.run === 'failed';
  switch (command) {
    case 'activate':
      if (it.stopFailed) return stopFailed(it);
      if (!it.enabled) return refused(`${name} is disabled on ${node}: enable it first`);
      return it.activationWanted && !failed ? done(`${isState} already`) : null;
    case 'deactivate':
      if (it.stopFailed) return stopFailed(it);
      return it.deactivated ? done(`${isState} already`) : null;
    case 'start':
    case 'move': {
      const obstacle = replicaObstacle(it) ?? it.nodeObstacle;
      if (obstacle !== null) return refused(obstacle);
      return it.inPlace && !it.standby ? done(`${isState} already`) : null;
    }
    case 'stop':
      return it.standby ? done(`${name} is on standby on ${node} already`) : null;
    case 'unpin':
      return it.pinned ? null : refused(notPinned(name, node));
    case 'clear':
      return failed ? null : done(`${name} has not failed on ${node}: nothing to clear`);
    case 'disable':
      return ['inactive', 'disabled', 'failed'].includes(it.config) ? null : refused(`${isState}: deactivate it first`);
    case 'reload':
    case 'restart':
    case 'check':
      if (it.run !== 'started') return refused(`${isState}: ${command} needs it started`);
      return it.notRequested === null ? null : refused(it.notRequested);
    case 'status':
      return it.notRequested === null ? null : refused(it.notRequested);
    case 'enable':
    case 'confirm-stopped':
      return null;
  }
}

/** A replica of this node. `pin`: being owner is not enough, it has to be pinned here. */
export function commandedHere(state: NodeState, replica: Replica, pin: boolean): Commanded {
  const { config, run, failure, standby, definition, activationWanted, persisted } = replica;
  return {
    ...{ name: definition.name, node: state.settings.nodeName, config, run, failure, standby, activationWanted },
    pinned: groupState(state, definition.group).pinned,
    enabled: definition.enabled,
    deactivated: persisted.deactivated && (config === 'inactive' || config === 'disabled'),
    stopFailed: persisted.stopFailed !== null,
    inPlace: runsAsRequested(state, definition.group, pin),
    nodeObstacle: nodeObstacle(state, definition.group),
    notRequested: whyNotRequested(replica),
  };
}

/** Whether this node runs the group as the election wants it, pinned if that is asked for. */
export function runsAsRequested(state: NodeState, group: string, pin: boolean): boolean {
  const { owner, pinned } = groupState(state, group);
  const runs = localMembers(state, group).some(({ run }) => run === 'starting' || run === 'started');
  return runs && owner !== null && owner === state.self && (!pin || pinned);
}

/** Why this node can take no group over, or not this one; null: it can. */
export function nodeObstacle(state: NodeState, group: string): string | null {
  const here = state.settings.nodeName;
  if (state.standby) return onStandby(here);
  if (state.phase === 'isolated') return `${here} is isolated: it has no full OSPF neighbour`;
  if (state.phase === 'joining') return `${here} is still joining the cluster: try again in a moment`;
  const stopping = localMembers(state, group).find(({ run }) => run === 'stopping');
  return stopping === undefined ? null : stillStopping(stopping.definition.name, here);
}

export function notPinned(what: string, node: string): string {
  return `${what} is not pinned to ${node}`;
}

export function onStandby(node: string): string {
  return `${node} is on standby: end that first`;
}

export function stillStopping(name: string, node: string): string {
  return `${name} is still stopping on ${node}: try again when it has`;
}

export function replicaObstacle({
  name,
  node,
  config,
  run,
  failure,
}: Pick<Commanded, 'name' | 'node' | 'config' | 'run' | 'failure'>): string | null {
  if (config !== 'active') return `${name} is ${config} on ${node}: activate it first`;
  return run === 'failed' ? `${name} has failed on ${node} (${failure?.code}): clear it first` : null;
}

function stopFailed({ name, node }: Commanded): Answer {
  return refused(`the stop of ${name} failed on ${node} and it may still be running: see to it, then clear it`);
}
