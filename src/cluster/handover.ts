import { groupState } from './group.js';
import { routeIsMissing } from './routes.js';
import type { NodeState, Replica, Turn } from './state.js';
import { emit, report } from './turn.js';
import { type Observed, reachableReplicas } from './view.js';

/**
 * `handover: overlap`: an owner that must leave goes on serving until its successor is started and that one's address is
 * announced, or `timeouts.start` has passed. If the successor fails instead, this node is elected again and nothing
 * happened. Gives whether it still serves on.
 */
export function servesOn(turn: Turn, replica: Replica): boolean {
  if (!mayHandOver(turn.state, replica)) return endHandover(turn, replica);
  if (replica.handoverUntilMs === null) {
    const limitMs = replica.definition.timeoutsMs.start;
    replica.handoverUntilMs = turn.nowMs + limitMs;
    emit(turn, { type: 'set-timer', timer: handoverTimer(replica), delayMs: limitMs });
    report(turn, 'info', replica.definition.name, 'serves on until its successor is started and its route is seen');
  }
  if (turn.nowMs < replica.handoverUntilMs && !successorServes(turn.state, replica)) return true;
  return endHandover(turn, replica);
}

/** It is wanted here after all, or it stops. */
export function endHandover(turn: Turn, replica: Replica): false {
  if (replica.handoverUntilMs !== null) emit(turn, { type: 'cancel-timer', timer: handoverTimer(replica) });
  replica.handoverUntilMs = null;
  return false;
}

/** The one replica that is handing over to us does not close our gate; of two that run, neither knows about the other. */
export function isHandingOver(state: NodeState, observed: Observed): boolean {
  const { definition, runState } = observed.announcement;
  if (definition.handover !== 'overlap' || definition.kind !== 'service' || runState !== 'started') return false;
  if (groupState(state, definition.group).owner !== state.self) return false;
  let running = 0;
  for (const { announcement } of reachableReplicas(state.view, definition.name)) {
    if (announcement.runState === 'starting' || announcement.runState === 'started') running += 1;
  }
  return running === 1;
}

function mayHandOver(state: NodeState, { definition, failing }: Replica): boolean {
  const { owner } = groupState(state, definition.group);
  const planned = owner !== null && owner !== state.self && failing === null;
  return planned && definition.handover === 'overlap' && definition.kind === 'service' && state.phase === 'member';
}

function successorServes(state: NodeState, { definition }: Replica): boolean {
  const { owner } = groupState(state, definition.group);
  const successor = owner === null ? undefined : state.view.replicas.get(definition.name)?.get(owner);
  if (successor === undefined || successor.announcement.runState !== 'started') return false;
  return !routeIsMissing(state, successor);
}

function handoverTimer(replica: Replica): string {
  return `handover ${replica.definition.name}`;
}
