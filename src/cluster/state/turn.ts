import type { Happening, HappeningKind, PersistedNode, PersistedService } from '../../model/index.js';
import type { Effect } from './effect.js';
import type { NodeState, Replica, Turn } from './state.js';
import type { ReplicaTimer, Timer } from './timer.js';

/** With what earlier events have left to be settled. */
export function beginTurn(state: NodeState, nowMs: number): Turn {
  const { dirty, daemonDirty, daemonAsked } = state.unsettled ?? NOTHING_LEFT;
  return { state, nowMs, effects: [], dirty: new Set(dirty), daemonDirty, daemonAsked };
}

const NOTHING_LEFT = { dirty: [], daemonDirty: false, daemonAsked: false };

/** What the event has changed is settled together with the next one. */
export function leaveUnsettled({ state, dirty, daemonDirty, daemonAsked }: Turn): void {
  state.unsettled = { dirty, daemonDirty, daemonAsked, events: 1 + (state.unsettled?.events ?? 0) };
}

export function emit(turn: Turn, effect: Effect): void {
  turn.effects.push(effect);
}

export function setTimer(turn: Turn, timer: Timer, delayMs: number): void {
  emit(turn, { type: 'set-timer', timer, delayMs });
}

export function cancelTimer(turn: Turn, timer: Timer): void {
  emit(turn, { type: 'cancel-timer', timer });
}

export function replicaTimer(kind: ReplicaTimer, { definition }: Replica): Timer {
  return { kind, service: definition.name };
}

/** Says in words what happened, for the log. */
export function report(turn: Turn, level: 'info' | 'warn' | 'error', service: string | null, text: string): void {
  emit(turn, { type: 'report', level, service, text });
}

/** Writes down what changed of a replica's record; nothing if nothing did. */
export function persistService(turn: Turn, replica: Replica, change: Partial<PersistedService>): void {
  const record = { ...replica.persisted, ...change };
  if (sameRecord(record, replica.persisted)) return;
  replica.persisted = record;
  emit(turn, { type: 'persist-service', service: replica.definition.name, record });
}

export function persistNode(turn: Turn, change: Partial<PersistedNode>): void {
  const record = { ...turn.state.persisted, ...change };
  if (sameRecord(record, turn.state.persisted)) return;
  turn.state.persisted = record;
  emit(turn, { type: 'persist-node', record });
}

function sameRecord<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every(
    (key) => a[key] === b[key] || JSON.stringify(a[key]) === JSON.stringify(b[key]),
  );
}

/** Notes what has happened: on this node, unless another is named. Nothing that is decided depends on it. */
export function happened(
  turn: Turn,
  kind: HappeningKind,
  text: string,
  more: Partial<Omit<Happening, 'kind' | 'text'>> = {},
): void {
  const happening = { kind, node: turn.state.self, service: null, from: null, to: null, operator: null, ...more, text };
  emit(turn, { type: 'happened', happening });
}
