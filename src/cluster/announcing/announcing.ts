import {
  agrees,
  type DaemonAnnouncement,
  type Digest,
  type Failure,
  type Sequence,
  type ServiceAnnouncement,
} from '../../model/index.js';
import { currentOutcomes } from '../answers/index.js';
import { assentOf } from '../exclusion/index.js';
import { groupState, isJoining, isOnStandby } from '../group/index.js';
import { emit, type NodeState, type Replica, type Turn } from '../state/index.js';
import { askList, digest } from '../view/index.js';
import { shownFailure } from './dependency-failure.js';
import { capabilities } from './route-way.js';

/** Version of the rules of election and exclusion that this code follows. */
export const RULES_VERSION = 3;

/**
 * Floods a replica if what is true of it is not what was announced last. Only active and injected ones are flooded.
 * Returns whether it was.
 */
export function announceReplica(
  turn: Turn,
  replica: Replica,
  failure: Failure | null = shownFailure(turn.state, replica),
): boolean {
  const { state } = turn;
  if (replica.refused || (replica.config !== 'active' && replica.config !== 'injected')) return false;
  const content = replicaContent(state, replica, failure);
  if (replica.announced !== null && saysTheSame(replica.announced, content)) return false;
  const announcement = { ...content, sequence: nextSequence(state) };
  replica.announced = announcement;
  replica.echoed = false;
  emit(turn, { type: 'announce', announcement, urgency: 'change' });
  // A Daemon announcement that may still wait to go out would count what this one has replaced.
  turn.daemonAsked ||= state.daemonAwaited !== null;
  return true;
}

/** Floods a replica's check stamp, slowly and in place. */
export function refreshReplica(turn: Turn, replica: Replica): void {
  if (replica.announced === null || replica.refused) return;
  const announcement = {
    ...replicaContent(turn.state, replica, shownFailure(turn.state, replica)),
    sequence: nextSequence(turn.state),
  };
  replica.announced = announcement;
  emit(turn, { type: 'announce', announcement, urgency: 'refresh' });
}

export function withdrawReplica(turn: Turn, replica: Replica): void {
  if (replica.announced === null) return;
  replica.announced = null;
  replica.echoed = false;
  emit(turn, { type: 'withdraw', subject: { kind: 'service', service: replica.definition.name } });
}

/** One of our own announcements came back. It counts if what it says is what we say now. */
export function hearEcho(replica: Replica, heard: ServiceAnnouncement): boolean {
  if (replica.announced === null || replica.echoed) return false;
  if (heard.sequence.epoch !== replica.announced.sequence.epoch) return false;
  if (!saysTheSame(heard, replica.announced)) return false;
  replica.echoed = true;
  return true;
}

/** Floods the Daemon LSA if it changed, or if another node asked for a sign of life. */
export function announceDaemon(turn: Turn): void {
  const { state } = turn;
  if (state.self === null || state.finished) return;
  const content = daemonContent(state);
  // The digest changes with every Service announcement: it goes along, and is no reason to speak.
  const key = JSON.stringify({ ...content, digest: null });
  if (key === state.daemonContent && !turn.daemonAsked) return;
  state.daemonContent = key;
  state.daemonAnnounced = true;
  turn.daemonAsked = false;
  const sequence = nextSequence(state);
  state.daemonAwaited = sequence.counter;
  emit(turn, { type: 'announce', announcement: { ...content, sequence }, urgency: 'change' });
}

/** Our Daemon announcement came back: it is out, and what it counts was out before. */
export function hearDaemonEcho(state: NodeState, { epoch, counter }: Sequence): void {
  if (epoch === state.epoch && counter === state.daemonAwaited) state.daemonAwaited = null;
}

/** Announces everything again under the present epoch: after it was raised. */
export function announceAnew(turn: Turn): void {
  const { state } = turn;
  state.counter = 0;
  for (const replica of state.replicas.values()) {
    // What ospfd refused stays as it is out, until it is withdrawn (outcomes.ts: injectionRefused).
    if (replica.announced === null || replica.refused) continue;
    replica.announced = null;
    announceReplica(turn, replica);
  }
  turn.daemonDirty = true;
  turn.daemonAsked = state.daemonAnnounced;
}

/** The next (epoch, counter): one sequence for all announcements of this node. */
export function nextSequence(state: NodeState): Sequence {
  state.counter += 1;
  return { epoch: state.epoch, counter: state.counter };
}

function replicaContent(state: NodeState, replica: Replica, failure: Failure | null): Content {
  const { definition } = replica;
  const group = groupState(state, definition.group);
  return {
    kind: 'service',
    definition,
    preference: definition.preference,
    runState: replica.run,
    standby: isOnStandby(state, replica),
    joining: isJoining(state, replica),
    pinned: group.pinned,
    claim: group.claim,
    knownClaim: group.highestClaim > group.claim ? group.highestClaim : null,
    assent: assentOf(state, replica),
    failure,
    checkIntervalMs: definition.check.intervalMs,
    checkStamp: replica.health.stamp,
    definitionHash: definition.hash,
  };
}

type Content = Omit<ServiceAnnouncement, 'sequence'>;

/**
 * Whether two announcements say the same. The check stamp does not matter, nor the reason in words, which may be cut on
 * the wire, nor the highest known claim: all nodes learn that at once, and would all flood it.
 */
function saysTheSame(a: Content, b: Content): boolean {
  return (
    a.runState === b.runState &&
    a.claim === b.claim &&
    a.standby === b.standby &&
    a.joining === b.joining &&
    a.pinned === b.pinned &&
    a.preference === b.preference &&
    a.assent?.owner === b.assent?.owner &&
    a.assent?.claim === b.assent?.claim &&
    a.failure?.code === b.failure?.code &&
    a.checkIntervalMs === b.checkIntervalMs &&
    a.definitionHash === b.definitionHash &&
    a.definition.name === b.definition.name &&
    agrees(a.definition, b.definition)
  );
}

function daemonContent(state: NodeState): Omit<DaemonAnnouncement, 'sequence'> {
  const { settings } = state;
  return {
    kind: 'daemon',
    hostName: settings.nodeName,
    softwareVersion: settings.softwareVersion,
    rulesVersion: RULES_VERSION,
    capabilities: capabilities(state),
    managementAddresses: settings.managementAddresses,
    managementPort: settings.managementPort,
    standby: state.standby,
    ask: askList(state.view),
    outcomes: currentOutcomes(state),
    revocations: state.revocations,
    digest: ownDigest(state),
  };
}

/** What this node has out now, for its Daemon announcement. */
export function ownDigest(state: NodeState): Digest {
  const out: ServiceAnnouncement[] = [];
  for (const { announced } of state.replicas.values()) if (announced !== null) out.push(announced);
  return digest(out, state.epoch);
}
