import { formatRouterId, NOTHING_PERSISTED, type PersistedService, type ServiceDefinition } from '../../model/index.js';
import { withdrawReplica } from '../announcing/index.js';
import { beginRecovery, endingDependency, groupState, takeClaim, wantsActive } from '../group/index.js';
import { emit, type NodeState, persistService, type Replica, type Turn } from '../state/index.js';
import { newHealth, runDueCheck } from './checks.js';
import { cancelRetry } from './failures.js';
import { grantRequest } from './grant-request.js';
import { isHandedOver, keepServing, servesOn } from './handover.js';
import { killJob, startJob } from './jobs.js';
import { advanceRestart } from './restart.js';
import { echoHeard, mayEnterStarting, mayStart, waitToStart } from './starting.js';
import { advanceStopping, beginStopping } from './stopping.js';
import { tellPeers } from './tell-peers.js';
import { transition } from './transition.js';
import { useDefinition } from './use-definition.js';
import { keepWatch } from './watch.js';
import { recoverFromWatch, recoveryIsDue } from './watch-ended.js';

/** A replica at the beginning of this daemon's life: what the file says, and what an earlier life left. */
export function newReplica(definition: ServiceDefinition, persisted: PersistedService = NOTHING_PERSISTED): Replica {
  const replica: Replica = {
    definition,
    nextDefinition: null,
    removed: false,
    config: definition.enabled ? 'inactive' : 'disabled',
    run: 'stopped',
    failure: null,
    failing: null,
    activationWanted: definition.autoActivate && !persisted.deactivated,
    standby: persisted.standby,
    recovering: false,
    recoverUntilMs: Number.POSITIVE_INFINITY,
    verifying: null,
    alias: 'down',
    routeWithheld: false,
    routeMissing: false,
    stopEnded: false,
    job: null,
    helper: null,
    requests: [],
    restart: null,
    announced: null,
    refused: false,
    echoed: false,
    health: newHealth(),
    watch: null,
    failures: 0,
    peersTold: new Set(),
    peersAtMs: null,
    injectedAtMs: Number.NEGATIVE_INFINITY,
    handoverUntilMs: null,
    drainUntilMs: null,
    preemptAtMs: 0,
    persisted,
  };
  if (persisted.stopFailed !== null) {
    replica.config = 'active';
    replica.run = 'failed';
    replica.failure = { code: 'stop-failed', reason: persisted.stopFailed };
    replica.recovering = true;
  } else if (persisted.notStopped) {
    replica.config = 'active';
    replica.run = 'stopping';
    replica.recovering = true;
  }
  return replica;
}

/**
 * Takes a replica one step towards what is wanted of it. Returns whether anything changed; then it is worth another call.
 * `wanted`: this node owns the group and should be running this member.
 */
export function advance(turn: Turn, replica: Replica, wanted: boolean): boolean {
  if (replica.run === 'started') {
    if (wanted) keepServing(turn, replica);
    if (wanted || replica.handoverUntilMs !== null) keepWatch(turn, replica);
  }
  if (replica.job !== null) return interruptJob(turn, replica, wanted);
  switch (replica.config) {
    case 'disabled':
      if (applyNextDefinition(turn, replica)) return true;
      if (replica.definition.enabled) return transition(turn, replica, 'inactive', 'stopped');
      return grantRequest(turn, replica);
    case 'inactive':
      return advanceInactive(turn, replica);
    case 'injected':
      if (!wantsActive(turn.state, replica)) return deactivate(turn, replica);
      if (echoHeard(turn.state, replica)) return transition(turn, replica, 'active', 'stopped');
      return grantRequest(turn, replica);
    case 'active':
      return advanceActive(turn, replica, wanted);
    case 'deactivated':
      return transition(turn, replica, 'inactive', 'stopped');
    case 'failed':
      if (!wantsActive(turn.state, replica)) return deactivate(turn, replica);
      return grantRequest(turn, replica);
  }
}

function advanceInactive(turn: Turn, replica: Replica): boolean {
  if (applyNextDefinition(turn, replica)) return true;
  if (!replica.definition.enabled) return transition(turn, replica, 'disabled', 'stopped');
  if (!wantsActive(turn.state, replica)) return grantRequest(turn, replica);
  startJob(turn, replica, 'activate');
  return true;
}

function advanceActive(turn: Turn, replica: Replica, wanted: boolean): boolean {
  switch (replica.run) {
    case 'stopped':
      return advanceStopped(turn, replica, wanted);
    case 'starting':
      return advanceStarting(turn, replica, wanted);
    case 'started':
      if (!wanted && !servesOn(turn, replica)) return beginStopping(turn, replica, whyLeave(turn.state, replica));
      if (replica.restart !== null) return advanceRestart(turn, replica, replica.restart);
      if (recoverFromWatch(turn, replica) || runDueCheck(turn, replica)) return true;
      return wanted && (grantRequest(turn, replica) || tellPeers(turn, replica));
    case 'stopping':
      return advanceStopping(turn, replica);
    case 'failed':
      if (!wantsActive(turn.state, replica) && replica.persisted.stopFailed === null) return deactivate(turn, replica);
      return grantRequest(turn, replica);
  }
}

function advanceStopped(turn: Turn, replica: Replica, wanted: boolean): boolean {
  if (!wantsActive(turn.state, replica)) return deactivate(turn, replica);
  if (replica.recovering) return recover(turn, replica);
  if (!wanted) return grantRequest(turn, replica) || tellPeers(turn, replica);
  if (!mayEnterStarting(turn.state, replica)) return grantRequest(turn, replica);
  enterStarting(turn, replica);
  return true;
}

/** What an earlier life may have left is stopped: it is activated again. */
function recover(turn: Turn, replica: Replica): true {
  beginRecovery(turn, replica);
  startJob(turn, replica, 'activate');
  return true;
}

/** Entering `starting` takes a claim above every other known one, unless `start` or `move` has just taken it. */
function enterStarting(turn: Turn, replica: Replica): void {
  const { group: groupName } = replica.definition;
  const group = groupState(turn.state, groupName);
  if (group.claim === 0 || group.claim < group.highestClaim) takeClaim(turn, groupName, group.pinned);
  transition(turn, replica, 'active', 'starting', `owner with claim ${group.claim}`);
}

function advanceStarting(turn: Turn, replica: Replica, wanted: boolean): boolean {
  if (replica.verifying !== null) {
    if (!wanted) return beginStopping(turn, replica, whyLeave(turn.state, replica));
    return runDueCheck(turn, replica) || grantRequest(turn, replica);
  }
  if (!wanted) {
    if (replica.alias === 'down') return transition(turn, replica, 'active', 'stopped', whyLeave(turn.state, replica));
    if (replica.alias !== 'up') return false;
    beginStopping(turn, replica, whyLeave(turn.state, replica));
    replica.stopEnded = true; // `start` has not begun
    return true;
  }
  if (!mayStart(turn.state, replica)) return waitToStart(turn, replica) || grantRequest(turn, replica);
  if (replica.alias === 'rising' || replica.alias === 'falling') return false;
  if (replica.alias === 'down' && replica.definition.addresses.length > 0) {
    replica.alias = 'rising';
    replica.routeWithheld = isHandedOver(turn.state, replica);
    persistService(turn, replica, { notStopped: true });
    emit(turn, { type: 'alias-up', service: replica.definition.name, withheld: replica.routeWithheld });
    return true;
  }
  persistService(turn, replica, { notStopped: true });
  startJob(turn, replica, 'start');
  return true;
}

/** Withdraws a stopped replica and runs `deactivate`; that it is on standby or stopped was flooded before. */
function deactivate(turn: Turn, replica: Replica): true {
  replica.recovering = false;
  cancelRetry(turn, replica);
  withdrawReplica(turn, replica);
  transition(turn, replica, 'deactivated', 'stopped');
  startJob(turn, replica, 'deactivate');
  return true;
}

/**
 * What a change in the world does to a primitive that runs (docs/states-and-rules.md). `stop` and `deactivate` always end
 * by themselves, and so do `activate` and `failed` while they run; waiting to be called again, they end when nobody wants
 * them any more. `start` is killed when the replica is no longer wanted, and `stop` follows. The others are killed when the
 * replica has to stop, and when it can start.
 */
function interruptJob(turn: Turn, replica: Replica, wanted: boolean): boolean {
  const { job, run } = replica;
  if (job === null || job.killed) return false;
  switch (job.primitive) {
    case 'stop':
    case 'deactivate':
      return false;
    case 'activate':
      if (job.run !== 0 || wantsActive(turn.state, replica) || !killJob(turn, replica)) return false;
      return deactivate(turn, replica);
    case 'failed':
      if (job.run !== 0 || (wantsActive(turn.state, replica) && run === 'failed')) return false;
      return killJob(turn, replica);
    case 'start':
      if (run === 'starting' && wanted) return false;
      if (!killJob(turn, replica)) return false;
      return run !== 'starting' || beginStopping(turn, replica, whyLeave(turn.state, replica));
    case 'reload':
    case 'restart':
    case 'check':
    case 'status':
    case 'join':
    case 'leave':
      if (!mayGoOn(turn, replica, wanted)) return killJob(turn, replica);
      return run === 'starting' && replica.verifying === null && waitToStart(turn, replica);
  }
}

/** Whether nothing has to be done that a primitive for which nobody waits would hold up. */
function mayGoOn(turn: Turn, replica: Replica, wanted: boolean): boolean {
  switch (replica.run) {
    case 'started':
      return (wanted || servesOn(turn, replica)) && !recoveryIsDue(turn, replica);
    case 'stopped':
      return !wanted || !mayEnterStarting(turn.state, replica);
    case 'starting':
      return wanted && (replica.verifying !== null || !mayStart(turn.state, replica));
    case 'failed':
      return true;
    case 'stopping':
      return false;
  }
}

/** Why a member is not wanted here, for people. */
function whyLeave(state: NodeState, replica: Replica): string {
  if (state.phase === 'isolated') return 'this node is isolated';
  if (state.shuttingDown) return 'this node is shutting down';
  if (!wantsActive(state, replica)) return 'it is being deactivated';
  if (state.standby) return 'this node is on standby';
  if (replica.standby) return 'it is on standby here';
  const { owner } = groupState(state, replica.definition.group);
  if (owner === null) return 'no node can own its group';
  if (owner !== state.self) return `the owner is ${formatRouterId(owner)}`;
  const ending = endingDependency(state, replica.definition.dependsOn);
  if (ending !== null) {
    const stops = state.replicas.get(ending)?.run === 'stopping';
    return `${ending}, which it needs, is being ${stops ? 'stopped' : 'restarted'}`;
  }
  return 'what it depends on cannot run here';
}

function applyNextDefinition(turn: Turn, replica: Replica): boolean {
  if (replica.nextDefinition === null) return false;
  useDefinition(turn, replica, replica.nextDefinition);
  return true;
}
