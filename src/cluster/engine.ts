import type { Announcement } from './announcement.js';
import { announceAnew, announceDaemon, hearEcho } from './announcing.js';
import { checkDue } from './checks.js';
import { noteClaim, noteOtherClaim } from './claim.js';
import { handleCommand } from './commands.js';
import { configure, forgetRemoved } from './configure.js';
import type { Effect } from './effect.js';
import type { Event, LocalEvent, TransportEvent } from './event.js';
import { noteHolder, takeoverDelayEnded } from './holders.js';
import { callJob } from './jobs.js';
import * as membership from './membership.js';
import { aliasFailed, injectionRefused, primitiveEnded } from './outcomes.js';
import { settleGroup, touchSharers } from './placement.js';
import {
  commandExpired,
  commandUnanswered,
  noRemoteCommands,
  outcomeExpired,
  readOutcomes,
  takeCommand,
} from './remote-commands.js';
import { forgetFailures, retryDue } from './retry.js';
import { type RouterId, routerId } from './router-id.js';
import { noRoutes, ownRouteTimeEnded, routesChanged, routeTimeEnded, watchOwnRoute, watchRoute } from './routes.js';
import { answerTimeEnded, nodeHeard, quietTimeEnded } from './silence.js';
import type { NodeState, Settings, Turn } from './state.js';
import { type ClusterStatus, describeStatus } from './status.js';
import { beginTurn, emit, persistNode, report } from './turn.js';
import { compareSequence, emptyView, groupsOf, knownNode, observeService, withdrawService } from './view.js';

/** So many raised epochs within this time are no coincidence. */
const RAISES_OF_A_DUPLICATE = 3;
const DUPLICATE_MS = 60_000;
const DUPLICATE_TIMER = 'duplicate';

/**
 * One node's part of the cluster. `handle` takes what happened and gives what must be done; the same state and the same
 * event always give the same effects.
 */
export class Engine {
  readonly state: NodeState;

  constructor(settings: Settings) {
    this.state = newNodeState(settings);
  }

  /** `nowMs`: monotonic milliseconds. Throws only if two rules of the core undo each other. */
  handle(event: Event, nowMs: number): Effect[] {
    this.state.nowMs = nowMs;
    const turn = beginTurn(this.state, nowMs);
    if (this.state.finished) return turn.effects;
    dispatch(turn, event);
    settle(turn);
    return turn.effects;
  }

  /** What `srrctl status --json` shows. */
  status(): ClusterStatus {
    return describeStatus(this.state);
  }
}

function newNodeState(settings: Settings): NodeState {
  return {
    settings,
    self: null,
    phase: 'isolated',
    connected: false,
    synced: false,
    fullNeighbours: 0,
    overrun: false,
    wasMember: false,
    shuttingDown: false,
    finished: false,
    standby: false,
    epoch: 0,
    counter: 0,
    persisted: { epoch: 0, standby: false },
    records: new Map(),
    replicas: new Map(),
    groups: new Map(),
    view: emptyView(),
    holders: new Map(),
    routes: noRoutes(),
    joinedAtMs: 0,
    epochRaisedAtMs: [],
    duplicate: false,
    nowMs: 0,
    remote: noRemoteCommands(),
    daemonContent: '',
    daemonAnnounced: false,
    nextRun: 1,
  };
}

/** Settles every group that was touched, and what follows from that, until nothing changes any more. */
function settle(turn: Turn): void {
  const { state } = turn;
  while (turn.touched.size > 0) {
    for (const group of turn.touched) {
      turn.touched.delete(group);
      settleGroup(turn, group);
    }
    if (state.overrun || state.duplicate) membership.settlePhase(turn);
    forgetRemoved(turn);
  }
  if (turn.daemonTouched || turn.daemonAsked) announceDaemon(turn);
  if (state.shuttingDown) finishWhenIdle(turn);
}

function dispatch(turn: Turn, event: Event): void {
  const { state } = turn;
  switch (event.type) {
    case 'begin':
      return begin(turn, event);
    case 'configure':
      return configure(turn, event.definitions);
    case 'connected':
      return membership.sessionConnected(turn, event.routerId);
    case 'synced':
      return membership.sessionSynced(turn);
    case 'disconnected':
      return membership.sessionLost(turn, event.reason);
    case 'neighbours':
      return membership.neighboursChanged(turn, event.full);
    case 'reachability':
      return membership.reachabilityChanged(turn, event);
    case 'routes':
      return routesChanged(turn, event.origin, event.addresses);
    case 'lease-overrun':
      return membership.leaseOverrun(turn, event.lateMs);
    case 'announcement':
      if (event.origin === state.self) return ownAnnouncement(turn, event.announcement);
      return announcement(turn, event);
    case 'withdrawal':
      return withdrawal(turn, event);
    case 'refused':
      return refused(turn, event);
    case 'command':
      return handleCommand(turn, event);
    case 'shutdown':
      return shutDown(turn);
    case 'timer':
      return timer(turn, event.timer);
    case 'primitive-ended':
    case 'alias-up':
    case 'alias-down':
    case 'alias-failed':
    case 'alias-lost':
      return replicaEvent(turn, event);
  }
}

function begin(turn: Turn, event: LocalEvent & { type: 'begin' }): void {
  const { state } = turn;
  state.persisted = event.persistedNode;
  state.standby = event.persistedNode.standby;
  state.epoch = Math.max(event.persistedNode.epoch + 1, event.unixSeconds);
  persistNode(turn, { epoch: state.epoch });
  state.records = event.persistedServices;
  configure(turn, event.definitions);
  turn.daemonTouched = true;
}

/**
 * Somebody announces under our router ID with an epoch that is not ours: an earlier life of which nothing was kept, or
 * another daemon. The former is outdone by a higher epoch; the latter would outdo ours in turn, without end.
 */
function raiseEpoch(turn: Turn, heard: number): void {
  const { state } = turn;
  if (state.duplicate) return;
  state.epoch = heard + 1;
  persistNode(turn, { epoch: state.epoch });
  report(turn, 'warn', null, `our router ID announces with epoch ${heard}: ours is ${state.epoch} from now on`);
  state.epochRaisedAtMs = [...state.epochRaisedAtMs.filter((at) => at > turn.nowMs - DUPLICATE_MS), turn.nowMs];
  if (state.epochRaisedAtMs.length >= RAISES_OF_A_DUPLICATE) {
    state.duplicate = true;
    report(turn, 'error', null, 'another daemon uses our router ID: give one of the two nodes another one');
    emit(turn, { type: 'set-timer', timer: DUPLICATE_TIMER, delayMs: DUPLICATE_MS });
    membership.settlePhase(turn);
  }
  announceAnew(turn);
}

/** The echo; or an announcement of an earlier life, or of another node with our router ID. */
function ownAnnouncement(turn: Turn, heard: Announcement): void {
  const { state } = turn;
  if (compareSequence(heard.sequence, { epoch: state.epoch, counter: state.counter }) > 0) {
    return raiseEpoch(turn, heard.sequence.epoch);
  }
  if (heard.kind !== 'service') return;
  if (heard.claim > 0) noteClaim(turn, heard.definition.group, heard.claim);
  const replica = state.replicas.get(heard.definition.name);
  if (replica !== undefined && hearEcho(replica, heard)) turn.touched.add(replica.definition.group);
}

function announcement(turn: Turn, event: TransportEvent & { type: 'announcement' }): void {
  const { origin, announcement: heard, lsaId, ageSeconds } = event;
  switch (heard.kind) {
    case 'service':
      return serviceAnnouncement(turn, origin, lsaId, heard);
    case 'daemon':
      return daemonAnnouncement(turn, origin, heard);
    case 'command': {
      const command = takeCommand(turn, origin, ageSeconds, heard);
      if (command !== undefined) handleCommand(turn, command);
    }
  }
}

function serviceAnnouncement(
  turn: Turn,
  origin: RouterId,
  lsaId: string,
  heard: Announcement & { kind: 'service' },
): void {
  const { state } = turn;
  const node = knownNode(state.view, origin);
  const groupsBefore = groupsOf(state.view, heard.definition.name);
  noteOtherClaim(turn, heard.definition.group, heard.claim);
  const confirms = node.reachable && state.synced;
  const observed = observeService(state.view, origin, lsaId, heard, confirms);
  if (observed === undefined) return;
  noteHolder(turn, origin, heard);
  watchRoute(turn, observed);
  nodeHeard(turn, node);
  for (const group of [...groupsBefore, heard.definition.group]) turn.touched.add(group);
  touchSharers(turn, heard.definition);
  if (!observed.confirmed && node.reachable && !node.unconfirmed) {
    node.unconfirmed = true;
    turn.daemonTouched = true;
  }
}

function daemonAnnouncement(turn: Turn, origin: RouterId, heard: Announcement & { kind: 'daemon' }): void {
  const { state } = turn;
  const node = knownNode(state.view, origin);
  const before = node.daemon;
  const order = before === null ? 1 : compareSequence(heard.sequence, before.sequence);
  if (order < 0 || (order === 0 && node.daemonPresence === 'held')) return;
  node.daemon = heard;
  node.daemonPresence = 'held';
  if (order > 0) nodeHeard(turn, node);
  if (before?.standby !== heard.standby) {
    for (const service of node.services) for (const group of groupsOf(state.view, service)) turn.touched.add(group);
  }
  if (order > 0 && node.reachable && state.synced) {
    membership.confirmNode(turn, node);
    if (state.self !== null && heard.ask.includes(state.self)) turn.daemonAsked = true;
  }
  readOutcomes(turn, origin, heard);
}

function withdrawal(turn: Turn, event: TransportEvent & { type: 'withdrawal' }): void {
  const { state } = turn;
  const { origin, subject, sequence } = event;
  if (origin === state.self) return;
  if (subject.kind === 'service') {
    if (!withdrawService(state.view, origin, subject.service, sequence)) return;
    const withdrawn = state.view.replicas.get(subject.service)?.get(origin);
    if (withdrawn !== undefined) touchSharers(turn, withdrawn.announcement.definition);
    for (const group of groupsOf(state.view, subject.service)) turn.touched.add(group);
  } else if (subject.kind === 'daemon') {
    const node = state.view.nodes.get(origin);
    if (node?.daemon && compareSequence(sequence, node.daemon.sequence) >= 0) node.daemonPresence = 'withdrawn';
  }
}

function refused(turn: Turn, event: TransportEvent & { type: 'refused' }): void {
  const { subject, reason } = event;
  if (subject.kind !== 'service')
    return report(turn, 'error', null, `ospfd refused the ${subject.kind} announcement: ${reason}`);
  const replica = turn.state.replicas.get(subject.service);
  if (replica === undefined) return;
  injectionRefused(turn, replica, reason);
  turn.touched.add(replica.definition.group);
}

type ReplicaEvent = Extract<Event, { service: string; type: 'primitive-ended' | `alias-${string}` }>;

function replicaEvent(turn: Turn, event: ReplicaEvent): void {
  const replica = turn.state.replicas.get(event.service);
  if (replica === undefined) return;
  turn.touched.add(replica.definition.group);
  switch (event.type) {
    case 'primitive-ended':
      return primitiveEnded(turn, replica, event);
    case 'alias-up':
      if (replica.alias === 'rising') replica.alias = 'up';
      return watchOwnRoute(turn, replica);
    case 'alias-down':
      replica.alias = 'down';
      return;
    case 'alias-failed':
    case 'alias-lost':
      return aliasFailed(turn, replica, event.type, event.reason);
  }
}

function timer(turn: Turn, name: string): void {
  const [kind, first = '', second = ''] = name.split(' ');
  switch (kind) {
    case membership.JOIN_TIMER:
      return membership.joinHoldEnded(turn);
    case membership.RESOURCES_TIMER:
      return touchEverything(turn);
    case DUPLICATE_TIMER:
      turn.state.duplicate = false;
      return membership.settlePhase(turn);
    case 'command-expires':
      return commandExpired(turn, Number(first));
    case 'command-unanswered':
      return commandUnanswered(turn, Number(first));
    case 'outcome':
      return outcomeExpired(turn, first, Number(second));
    case 'quiet':
      return quietTimeEnded(turn, routerId(Number(first)));
    case 'silent':
      return answerTimeEnded(turn, routerId(Number(first)));
    case 'takeover':
      return takeoverDelayEnded(turn, first, routerId(Number(second)));
    case 'route':
      return routeTimeEnded(turn, first, routerId(Number(second)));
    default:
      return replicaTimer(turn, kind ?? '', first);
  }
}

function replicaTimer(turn: Turn, kind: string, service: string): void {
  const replica = turn.state.replicas.get(service);
  if (replica === undefined) return;
  turn.touched.add(replica.definition.group);
  switch (kind) {
    case 'recall':
      if (replica.job?.run === 0) callJob(turn, replica);
      return;
    case 'check':
      return checkDue(turn, replica);
    case 'retry':
      return retryDue(turn, replica);
    case 'well':
      if (replica.run === 'started') forgetFailures(turn, replica);
      return;
    case 'own-route':
      return ownRouteTimeEnded(turn, replica);
    case 'peers':
    case 'preempt':
      return; // looking at the group again is enough
  }
}

function touchEverything(turn: Turn): void {
  for (const group of turn.state.groups.keys()) turn.touched.add(group);
}

function shutDown(turn: Turn): void {
  const { state } = turn;
  if (state.shuttingDown) return;
  state.shuttingDown = true;
  report(turn, 'info', null, 'shutting down: stopping and withdrawing every service');
  for (const group of state.groups.keys()) turn.touched.add(group);
}

function finishWhenIdle(turn: Turn): void {
  const { state } = turn;
  for (const replica of state.replicas.values()) {
    const stuck = replica.config === 'active' && replica.run === 'failed' && replica.persisted.stopFailed !== null;
    const idle = replica.config === 'inactive' || replica.config === 'disabled' || replica.config === 'failed';
    if (replica.job !== null || !(idle || stuck)) return;
  }
  state.finished = true;
  emit(turn, { type: 'withdraw', subject: { kind: 'daemon' } });
  emit(turn, { type: 'finished' });
}
