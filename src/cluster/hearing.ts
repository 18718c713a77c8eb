import {
  type Announcement,
  compareSequence,
  formatRouterId,
  MAX_GIVEN_EPOCH,
  type RouterId,
  type SharedDefinition,
} from '../model/index.js';
import { announceAnew, hearDaemonEcho, hearEcho, nodesChanged } from './announcing/index.js';
import { handleCommand, readOutcomes, skipForeignNonce, takeCommand } from './commands/index.js';
import { forgetOutdatedHolders, holderAnswered, noteHolder, watchRoute } from './exclusion/index.js';
import {
  newcomerHeard,
  nodeArrived,
  noteOtherClaims,
  noteOwnClaims,
  RESOURCE_HOLD_MS,
  unindexDefinition,
} from './group/index.js';
import {
  admitsNode,
  admitsService,
  daemonSpoke,
  forgetHigherEpochs,
  forgetIdleness,
  hasActed,
  limitGone,
  mayBeOutOfDate,
  memberHappened,
  nodeHeard,
  noteGone,
  noteOutdone,
  planSweep,
  settlePhase,
  settleSuspicion,
} from './nodes/index.js';
import {
  happened,
  markReplicaDirty,
  markServicesDirty,
  persistNode,
  replicaHappened,
  report,
  setTimer,
  statesOf,
  type TransportEvent,
  type Turn,
} from './state/index.js';
import { carriedBy, groupsOf, type KnownNode, knownNode, observeService, withdrawService } from './view/index.js';

/** So many raised epochs within this time are no coincidence. */
const RAISES_OF_A_DUPLICATE = 3;
const DUPLICATE_MS = 60_000;

/** The echo; or an announcement of an earlier life, or of another node with our router ID. */
export function hearOwnAnnouncement(turn: Turn, heard: Announcement): void {
  const { state } = turn;
  // Before the epoch is raised: all is announced anew then, with what was known, and nobody else may have that claim.
  if (heard.kind === 'service' && state.view.groups.has(heard.definition.group)) noteOwnClaims(turn, heard);
  if (compareSequence(heard.sequence, { epoch: state.epoch, counter: state.counter }) > 0) {
    return raiseEpoch(turn, heard.sequence.epoch);
  }
  if (heard.kind === 'daemon') hearDaemonEcho(state, heard.sequence);
  if (heard.kind === 'command') skipForeignNonce(state, heard);
  if (heard.kind !== 'service') return;
  const replica = state.replicas.get(heard.definition.name);
  if (replica !== undefined && hearEcho(replica, heard)) turn.dirty.add(replica.definition.group);
}

export function hearAnnouncement(turn: Turn, event: TransportEvent & { type: 'announcement' }): void {
  const { origin, announcement: heard, lsaId, ageSeconds } = event;
  switch (heard.kind) {
    case 'service':
      return serviceAnnouncement(turn, origin, lsaId, heard);
    case 'daemon':
      daemonAnnouncement(turn, origin, lsaId, heard);
      return nodesChanged(turn);
    case 'command': {
      const command = takeCommand(turn, origin, ageSeconds, heard, event.noRoom);
      if (command !== undefined) handleCommand(turn, command);
    }
  }
}

function serviceAnnouncement(
  turn: Turn,
  origin: RouterId,
  lsaId: string,
  heard: Announcement & { kind: 'service' },
  isNew = true,
): void {
  const { state } = turn;
  if (!admitsService(turn, origin, heard.definition)) return;
  const node = knownNode(state.view, origin);
  const groupsBefore = groupsOf(state.view, heard.definition.name);
  const begunAgain = noteLife(turn, node, heard.sequence.epoch);
  // What a life said that is over says nothing of the present one, and may come late.
  const isOver = heard.sequence.epoch < node.highestEpoch;
  const mayCount = isNew && !begunAgain && !isOver && !mayBeOutOfDate(node, heard.sequence);
  const confirms = node.reachable && state.synced && mayCount;
  const known = state.view.replicas.get(heard.definition.name)?.get(origin);
  const definitionBefore = known?.announcement.definition;
  const before = statesOf(known);
  const wasHeld = known?.presence === 'held';
  const observed = observeService(state.view, origin, lsaId, heard, confirms);
  if (state.view.groups.has(heard.definition.group)) noteOtherClaims(turn, heard);
  if (isOver && observed === undefined) noteOutdone(node, lsaId, heard);
  else node.outdone.delete(lsaId);
  if (observed === undefined) return;
  if (definitionBefore !== undefined) unindexDefinition(state, definitionBefore);
  replicaHappened(turn, observed, before);
  if (node.reachable && !(wasHeld && givesTheSame(heard.definition, definitionBefore))) state.routes.undecided = true;
  if (!isOver) noteHolder(turn, origin, heard);
  watchRoute(turn, observed);
  hasActed(turn, node, heard);
  nodeHeard(turn, node);
  for (const group of groupsBefore) turn.dirty.add(group);
  markReplicaDirty(turn, observed);
  settleSuspicion(turn, node);
  newcomerHeard(turn, node);
  if (!observed.confirmed && node.reachable && !node.unconfirmed && !node.suspect) {
    node.unconfirmed = true;
    turn.daemonDirty = true;
  }
}

function givesTheSame({ addresses, scope }: SharedDefinition, before: SharedDefinition | undefined): boolean {
  return before?.scope === scope && before.addresses.join() === addresses.join();
}

function daemonAnnouncement(
  turn: Turn,
  origin: RouterId,
  lsaId: string,
  heard: Announcement & { kind: 'daemon' },
): void {
  const { state } = turn;
  if (!admitsNode(turn, origin)) return;
  const node = knownNode(state.view, origin);
  noteLife(turn, node, heard.sequence.epoch);
  const before = node.daemon;
  const order = before === null ? 1 : compareSequence(heard.sequence, before.sequence);
  if (order < 0) return;
  if (order === 0 && node.daemonPresence === 'held') {
    node.daemonCarriers.add(lsaId);
    return;
  }
  carriedBy(node.daemonCarriers, lsaId);
  const isNew = node.daemonPresence !== 'held' && (before === null || node.daemonPresence === 'withdrawn');
  node.daemon = heard;
  if (heard.sequence.epoch > (before?.sequence.epoch ?? 0)) forgetIdleness(turn, node);
  if (node.daemonPresence !== 'held') {
    const wasThere = node.reachable && turn.nowMs >= node.reachableSinceMs + RESOURCE_HOLD_MS;
    node.begunAnew = wasThere && state.synced && heard.sequence.epoch > (before?.sequence.epoch ?? 0);
    nodeArrived(turn, node);
  }
  node.daemonPresence = 'held';
  if (isNew && state.synced) memberHappened(turn, node, 'joined', 'its daemon is there');
  if (order > 0) {
    holderAnswered(turn, node, node.probed);
    nodeHeard(turn, node);
  }
  if (before?.standby !== heard.standby) {
    if (before !== null && order > 0) {
      const text = heard.standby ? 'the node is on standby' : 'the node takes part again';
      happened(turn, 'node', text, { node: origin });
    }
    markServicesDirty(turn, node);
  }
  if (order > 0 && state.synced) {
    if (node.reachable) daemonSpoke(turn, node);
    // Its LSA may be here before SPF has said that it is reachable; it asks only once.
    if (state.self !== null && heard.ask.includes(state.self)) turn.daemonAsked = true;
  }
  newcomerHeard(turn, node);
  readOutcomes(turn, origin, heard);
}

/** Something was announced in this epoch. Returns whether the node has begun again with a lower one. */
function noteLife(turn: Turn, node: KnownNode, epoch: number): boolean {
  const saidSince = forgetHigherEpochs(turn, node, epoch);
  if (epoch >= node.latestEpoch) {
    node.latestEpoch = epoch;
    forgetOutdatedHolders(turn, node, epoch);
  }
  if (saidSince === null) return false;
  // It was outdone by what the life before had left behind, and is not said again.
  for (const [lsaId, heard] of saidSince) serviceAnnouncement(turn, node.id, lsaId, heard, false);
  return true;
}

export function hearWithdrawal(turn: Turn, event: TransportEvent & { type: 'withdrawal' }): void {
  const { state } = turn;
  const { origin, subject, lsaId, sequence } = event;
  if (origin === state.self) return;
  state.view.nodes.get(origin)?.outdone.delete(lsaId);
  if (subject.kind === 'service') {
    const withdrawn = state.view.replicas.get(subject.service)?.get(origin);
    const before = statesOf(withdrawn);
    if (!withdrawService(state.view, origin, lsaId, subject.service, sequence) || withdrawn === undefined) return;
    replicaHappened(turn, withdrawn, before);
    markReplicaDirty(turn, withdrawn);
    const node = state.view.nodes.get(origin);
    if (node !== undefined) {
      settleSuspicion(turn, node);
      noteGone(turn, node, subject.service);
      limitGone(turn, node);
      newcomerHeard(turn, node);
    }
  } else if (subject.kind === 'daemon') {
    const node = state.view.nodes.get(origin);
    if (!node?.daemon || compareSequence(sequence, node.daemon.sequence) !== 0) return;
    node.daemonCarriers.delete(lsaId);
    if (node.daemonCarriers.size > 0) return;
    if (node.daemonPresence === 'held') memberHappened(turn, node, 'left', 'its daemon has gone');
    node.daemonPresence = 'withdrawn';
    planSweep(turn);
    nodesChanged(turn);
  }
}

/**
 * Somebody announces under our router ID with an epoch that is not ours: an earlier life of which nothing was kept, or
 * another daemon. The former is outdone by a higher epoch; the latter would outdo ours in turn, without end.
 */
function raiseEpoch(turn: Turn, heard: number): void {
  const { state } = turn;
  if (state.duplicate) return;
  if (heard > MAX_GIVEN_EPOCH) {
    const text = `our router ID announces with epoch ${heard}, which no daemon of ours has had: it is not followed`;
    return report(turn, 'error', null, text);
  }
  state.epoch = heard + 1;
  persistNode(turn, { epoch: state.epoch });
  report(turn, 'warn', null, `our router ID announces with epoch ${heard}: ours is ${state.epoch} from now on`);
  state.epochRaisedAtMs = [...state.epochRaisedAtMs.filter((at) => at > turn.nowMs - DUPLICATE_MS), turn.nowMs];
  if (state.epochRaisedAtMs.length >= RAISES_OF_A_DUPLICATE) {
    const text = 'another daemon uses our router ID: give one of the two nodes another one';
    report(turn, 'error', null, text);
    happened(turn, 'failure', text);
    giveWayToDuplicate(turn);
  }
  announceAnew(turn);
}

/** The Router LSA goes to and fro between two routers. All nodes say so; that whose router ID it is runs nothing. */
export function routerIdSeenTwice(turn: Turn, event: TransportEvent & { type: 'duplicate-router-id' }): void {
  const { router, interfaces, isNew } = event;
  const isOurs = router === turn.state.self;
  if (isNew) {
    const whose = isOurs ? 'our router ID' : `the router ID ${formatRouterId(router)}`;
    const text = `two routers use ${whose}, with the interfaces ${interfaces.join(', ')}: give one of them another one`;
    report(turn, 'error', null, text);
    happened(turn, 'failure', text, { node: router });
  }
  if (isOurs) giveWayToDuplicate(turn);
}

function giveWayToDuplicate(turn: Turn): void {
  turn.state.duplicate = true;
  setTimer(turn, { kind: 'duplicate' }, DUPLICATE_MS);
  settlePhase(turn);
}
