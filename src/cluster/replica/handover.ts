import { isHandingOver, routeIsMissing, watchOwnRoute } from '../exclusion/index.js';
import { groupState, isResourceSomewhere } from '../group/index.js';
import {
  cancelTimer,
  emit,
  type NodeState,
  type Replica,
  replicaTimer,
  report,
  setTimer,
  type Turn,
} from '../state/index.js';
import { reachableReplicas } from '../view/index.js';

/**
 * How long an owner serves on without its route, for what was on its way when the route went: every router has computed
 * its routes anew (the recommended SPF throttle waits 100 ms at most), and what it sent before has arrived. Less than
 * the second after which the others no longer count a started service without its route.
 */
const DRAIN_MS = 800;

/**
 * `handover: overlap`: an owner that must leave goes on serving until its successor is started and that one's address is
 * announced, or `timeouts.start` has passed (twice, where it is verified). Then it withdraws its own route, and serves what is still on its way. If
 * the successor fails instead, this node is elected again and nothing happened. Returns whether it still serves on.
 */
export function servesOn(turn: Turn, replica: Replica): boolean {
  if (!mayHandOver(turn.state, replica)) return false;
  const { name, timeoutsMs, verify } = replica.definition;
  if (replica.handoverUntilMs === null) {
    replica.handoverUntilMs = turn.nowMs + timeoutsMs.start * (verify === true ? 2 : 1);
    setHandoverTimer(turn, replica, replica.handoverUntilMs);
    report(turn, 'info', name, 'serves on until its successor is started and its route is seen');
  }
  if (!successorServes(turn.state, replica)) return awaitSuccessor(turn, replica, replica.handoverUntilMs);
  if (replica.drainUntilMs === null) {
    replica.drainUntilMs = turn.nowMs + DRAIN_MS;
    setHandoverTimer(turn, replica, replica.drainUntilMs);
    report(turn, 'info', name, `withdraws its route, and serves what is on its way for ${DRAIN_MS} ms`);
    withdrawRoute(turn, replica);
  }
  return turn.nowMs < replica.drainUntilMs;
}

/** It is wanted here: its route is announced again if it was withdrawn. */
export function keepServing(turn: Turn, replica: Replica): void {
  endHandover(turn, replica);
  announceRoute(turn, replica);
}

/** It is wanted here after all, or it stops. */
export function endHandover(turn: Turn, replica: Replica): void {
  if (replica.handoverUntilMs !== null) cancelTimer(turn, replicaTimer('handover', replica));
  replica.handoverUntilMs = null;
  replica.drainUntilMs = null;
}

/** Its address is up, and from now on to be announced. */
export function announceRoute(turn: Turn, replica: Replica): void {
  if (!replica.routeWithheld) return;
  replica.routeWithheld = false;
  emit(turn, { type: 'route-up', service: replica.definition.name });
  watchOwnRoute(turn, replica);
}

/**
 * Another node serves until we do: our address is announced only when `start` has succeeded, or clients would be
 * sent here before anybody answers.
 */
export function isHandedOver(state: NodeState, { definition }: Replica): boolean {
  for (const observed of reachableReplicas(state.view, definition.name)) {
    if (!observed.routeless && isHandingOver(state, observed)) return true;
  }
  return false;
}

/** What an owner that hands over waits for, in words; null: it does not hand over. */
export function whatHandoverWaitsFor(replica: Replica): string | null {
  if (replica.drainUntilMs !== null) return 'what is on its way here to arrive: its route is withdrawn';
  return replica.handoverUntilMs === null ? null : 'its successor to be started and its route to be seen';
}

function mayHandOver(state: NodeState, { definition, failing }: Replica): boolean {
  if (definition.handover !== 'overlap' || isResourceSomewhere(state, definition.name)) return false;
  const { owner } = groupState(state, definition.group);
  return owner !== null && owner !== state.self && failing === null && state.phase === 'member';
}

/**
 * The owner serves, or, when the next move came before this one was over, another that took over from us. Of two that
 * hand over to the same third node the later one stays: its gate opens when one is left.
 */
function successorServes(state: NodeState, { definition }: Replica): boolean {
  const { owner, claim } = groupState(state, definition.group);
  for (const observed of reachableReplicas(state.view, definition.name)) {
    const { origin, announcement, routeless } = observed;
    if (announcement.runState !== 'started' || routeless || routeIsMissing(state, observed)) continue;
    const isLater = (announcement.claim - claim || origin - (state.self ?? 0)) > 0;
    if (origin === owner || isLater) return true;
  }
  return false;
}

/** The successor is not there yet, or it is gone again while the route was withdrawn for it. */
function awaitSuccessor(turn: Turn, replica: Replica, untilMs: number): boolean {
  if (turn.nowMs >= untilMs) return false;
  if (replica.drainUntilMs !== null) {
    replica.drainUntilMs = null;
    setHandoverTimer(turn, replica, untilMs);
    report(turn, 'warn', replica.definition.name, 'its successor is gone again: announces its route again');
    announceRoute(turn, replica);
  }
  return true;
}

function withdrawRoute(turn: Turn, replica: Replica): void {
  replica.routeWithheld = true;
  emit(turn, { type: 'route-down', service: replica.definition.name });
  watchOwnRoute(turn, replica);
}

function setHandoverTimer(turn: Turn, replica: Replica, untilMs: number): void {
  setTimer(turn, replicaTimer('handover', replica), untilMs - turn.nowMs);
}
