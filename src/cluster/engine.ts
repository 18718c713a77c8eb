import type { ServiceDefinition } from '../model/index.js';
import { definitionsChanged, endTurn, mayChangeRouteWay, nextEpoch, nodesChanged } from './announcing/index.js';
import { handleCommand, noRemoteCommands, recallIssuers } from './commands/index.js';
import { configure } from './configure.js';
import { noRoutes, recallHolders, routesChanged, watchOwnRoute } from './exclusion/index.js';
import { hearAnnouncement, hearOwnAnnouncement, hearWithdrawal, routerIdSeenTwice } from './hearing.js';
import {
  leaseOverrun,
  neighboursChanged,
  reachabilityChanged,
  sessionConnected,
  sessionLost,
  sessionSynced,
  settlePhase,
} from './nodes/index.js';
import { aliasFailed, injectionRefused, primitiveEnded, watchEnded } from './replica/index.js';
import { settleGroup } from './settle-group.js';
import { settlesWithNext } from './settle-together.js';
import { finishWhenIdle, shutDown } from './shut-down.js';
import {
  beginTurn,
  type Effect,
  type Event,
  type LocalEvent,
  leaveUnsettled,
  type NodeState,
  persistNode,
  report,
  type Settings,
  type TransportEvent,
  type Turn,
} from './state/index.js';
import {
  type ClusterStatus,
  type DefinitionConflict,
  definitionConflicts,
  describeConfigurations,
  describeHead,
  describeService,
  describeStatus,
  type NodeConfiguration,
  type ServiceStatus,
  type SimulatedGroup,
  serviceNames,
  simulate,
  type WhatIf,
  whyNoAnswer,
} from './status/index.js';
import { timerEnded } from './timers.js';
import { emptyView } from './view/index.js';

/**
 * One node's part of the cluster. `handle` takes what happened and returns what must be done; the same state and the same
 * event always return the same effects.
 */
export class Engine {
  readonly state: NodeState;

  constructor(settings: Settings) {
    this.state = newNodeState(settings);
  }

  /** `nowMs`: monotonic milliseconds. */
  handle(event: Event, nowMs: number): Effect[] {
    return [...this.steps(event, nowMs)].flat();
  }

  /**
   * The same in pieces, for those who must not take long at once: a node that is lost may concern hundreds of groups. The
   * effects come in the same order. Until the last piece was taken, no other event may be handled. `next` is the event that will
   * be handled next, if it is there already: both may be settled together then.
   */
  *steps(event: Event, nowMs: number, next?: Event): Generator<Effect[], void, void> {
    this.state.nowMs = nowMs;
    const turn = beginTurn(this.state, nowMs);
    if (this.state.finished) return;
    if (mayChangeRouteWay(event)) this.state.routes.undecided = true;
    dispatch(turn, event);
    if (settlesWithNext(this.state, event, next)) leaveUnsettled(turn);
    else for (const _ of settle(turn)) yield taken(turn);
    yield taken(turn);
  }

  /** What `srrctl status --json` shows. */
  status(): ClusterStatus {
    return describeStatus(this.state);
  }

  /** The same in pieces, for those who must not take long at once. */
  statusHead(): Omit<ClusterStatus, 'services'> {
    return describeHead(this.state);
  }

  serviceNames(): string[] {
    return serviceNames(this.state);
  }

  /** undefined: nothing is known of a service of that name. */
  serviceStatus(name: string): ServiceStatus | undefined {
    return describeService(this.state, name) ?? undefined;
  }

  /** What a definition that somebody wants to save would do to what other nodes announce. */
  definitionConflicts(definition: ServiceDefinition): DefinitionConflict[] {
    return definitionConflicts(this.state, definition);
  }

  /** How the nodes configure this service. */
  configurations(name: string): NodeConfiguration[] {
    return describeConfigurations(this.state, name);
  }

  /** Where every group would be. Returns a sentence instead where it cannot be said. */
  simulate(whatIf: WhatIf): readonly SimulatedGroup[] | string {
    return whyNoAnswer(this.state, whatIf) ?? simulate(this.state, whatIf);
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
    shuttingDown: false,
    finished: false,
    standby: false,
    epoch: 0,
    counter: 0,
    persisted: { epoch: 0, standby: false, issuers: [] },
    records: new Map(),
    replicas: new Map(),
    groups: new Map(),
    view: emptyView(),
    holders: new Map(),
    holdings: new Map(),
    routes: noRoutes(),
    joinedAtMs: 0,
    returnedAtMs: Number.NEGATIVE_INFINITY,
    epochRaisedAtMs: [],
    duplicate: false,
    nowMs: 0,
    mixedVersions: null,
    remote: noRemoteCommands(),
    revocations: [],
    daemonContent: '',
    daemonAnnounced: false,
    daemonAwaited: null,
    nextRun: 1,
    sweepPlanned: false,
    unsettled: null,
  };
}

/** The effects so far, which are the caller's now. */
function taken(turn: Turn): Effect[] {
  return turn.effects.splice(0);
}

/** Settles every group that was dirty, and what follows from that, until nothing changes any more; a group a step. */
function* settle(turn: Turn): Generator<void, void, void> {
  const { state } = turn;
  state.unsettled = null;
  while (turn.dirty.size > 0) {
    for (const group of turn.dirty) {
      turn.dirty.delete(group);
      settleGroup(turn, group);
      yield;
    }
    if (state.overrun || state.duplicate) settlePhase(turn);
  }
  endTurn(turn);
  if (state.shuttingDown) finishWhenIdle(turn);
}

function dispatch(turn: Turn, event: Event): void {
  const { state } = turn;
  switch (event.type) {
    case 'begin':
      return begin(turn, event);
    case 'configure':
      configure(turn, event.definitions, { operator: event.operator ?? null });
      return definitionsChanged(turn);
    case 'settings':
      state.settings = { ...state.settings, ...event.settings };
      // A node that goes on alone may not any more.
      return settlePhase(turn);
    case 'connected':
      return sessionConnected(turn, event.routerId);
    case 'synced':
      return sessionSynced(turn);
    case 'disconnected':
      return sessionLost(turn, event.reason);
    case 'neighbours':
      return neighboursChanged(turn, event.full);
    case 'reachability':
      reachabilityChanged(turn, event);
      return nodesChanged(turn);
    case 'routes':
      return routesChanged(turn, event.origin, event.addresses);
    case 'lease-overrun':
      return leaseOverrun(turn, event.lateMs);
    case 'announcement':
      if (event.origin === state.self) return hearOwnAnnouncement(turn, event.announcement);
      return hearAnnouncement(turn, event);
    case 'withdrawal':
      return hearWithdrawal(turn, event);
    case 'duplicate-router-id':
      return routerIdSeenTwice(turn, event);
    case 'refused':
      return refused(turn, event);
    case 'command':
      return handleCommand(turn, event);
    case 'revocations':
      state.revocations = event.lists;
      turn.daemonDirty = true;
      return;
    case 'shutdown':
      return shutDown(turn);
    case 'timer':
      return timerEnded(turn, event.timer);
    case 'primitive-ended':
    case 'watch-ended':
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
  recallIssuers(state, event.persistedNode.issuers);
  state.epoch = nextEpoch(turn, event.persistedNode.epoch, event.unixSeconds);
  persistNode(turn, { epoch: state.epoch });
  state.records = new Map(event.persistedServices);
  recallHolders(state);
  configure(turn, event.definitions);
  definitionsChanged(turn);
  reportOrphans(turn);
  turn.daemonDirty = true;
}

function refused(turn: Turn, event: TransportEvent & { type: 'refused' }): void {
  const { subject, reason } = event;
  if (subject.kind !== 'service')
    return report(turn, 'error', null, `ospfd refused the ${subject.kind} announcement: ${reason}`);
  const replica = turn.state.replicas.get(subject.service);
  if (replica === undefined) return;
  injectionRefused(turn, replica, reason);
  turn.dirty.add(replica.definition.group);
}

/** Nobody but an operator can stop what has no definition any more. */
function reportOrphans(turn: Turn): void {
  for (const [service, { notStopped, stopFailed }] of turn.state.records) {
    if (turn.state.replicas.has(service) || !(notStopped || stopFailed !== null)) continue;
    report(
      turn,
      'error',
      service,
      'it may be running here since an earlier life, but has no definition that can be read: see to it',
    );
  }
}

type ReplicaEvent = Extract<Event, { service: string; type: `${'primitive' | 'watch'}-ended` | `alias-${string}` }>;

function replicaEvent(turn: Turn, event: ReplicaEvent): void {
  const replica = turn.state.replicas.get(event.service);
  if (replica === undefined) return;
  turn.dirty.add(replica.definition.group);
  switch (event.type) {
    case 'primitive-ended':
      return primitiveEnded(turn, replica, event);
    case 'watch-ended':
      return watchEnded(turn, replica, event.run, event.reason);
    case 'alias-up':
      if (replica.alias === 'rising') {
        replica.alias = 'up';
        replica.routeMissing = false;
      }
      return watchOwnRoute(turn, replica);
    case 'alias-down':
      replica.alias = 'down';
      return;
    case 'alias-failed':
    case 'alias-lost':
      return aliasFailed(turn, replica, event.type, event.reason);
  }
}
