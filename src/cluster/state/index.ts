/**
 * Everything that this node knows, as plain data, and the turn in which one event may change it: what it emits, tells and
 * writes down.
 *
 * It must not know any rule: who may do what, and when, is decided in the rooms above.
 */
export { markReplicaDirty, markServicesDirty, markSharersDirty } from './dirty.js';
export type { Effect, PrimitiveContext } from './effect.js';
export type {
  CommandEvent,
  Event,
  LocalEvent,
  PrimitiveOutcome,
  RoutingEvent,
  Subject,
  TransportEvent,
} from './event.js';
export type { GroupState } from './group-state.js';
export type { Asked, Issuer, KeptOutcome, RemoteCommands, SentCommand } from './remote-state.js';
export { replicaHappened, statesOf } from './replica-happened.js';
export type { LiveSettings, Settings } from './settings.js';
export { startHasBegun } from './start-has-begun.js';
export type {
  Health,
  Holder,
  Job,
  NodeState,
  Phase,
  RecalledHelper,
  Replica,
  Routes,
  Turn,
} from './state.js';
export { type ReplicaTimer, type Timer, timerKey } from './timer.js';
export {
  beginTurn,
  cancelTimer,
  emit,
  happened,
  leaveUnsettled,
  persistNode,
  persistService,
  replicaTimer,
  report,
  setTimer,
} from './turn.js';
