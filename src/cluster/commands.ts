import { nextClaim, takeClaim } from './claim.js';
import {
  bestCandidate,
  candidacy,
  compareCandidates,
  electOwner,
  referenceDefinitions,
  requiredMembers,
} from './election.js';
import type { CommandEvent } from './event.js';
import { groupFacts, groupState, localMembers, wantsActive } from './group.js';
import { happened } from './happening.js';
import { clearHolders } from './holders.js';
import { isListening } from './joining.js';
import { nodeLabel } from './membership.js';
import { sendCommand } from './remote-commands.js';
import { become } from './replica.js';
import { forgetFailures } from './retry.js';
import { formatRouterId, type RouterId } from './router-id.js';
import type { NodeState, Replica, Turn } from './state.js';
import { emit, persistNode, persistService, reply, report } from './turn.js';
import { reachableReplicas } from './view.js';

/** What became of a command at once; null: the answer follows when a primitive has ended. */
type Answer = { readonly ok: boolean; readonly text: string } | null;

/** An operator's command, from here or (as an event of our own) from another node. */
export function handleCommand(turn: Turn, event: CommandEvent): void {
  if (event.target !== null && event.target !== turn.state.self) return sendCommand(turn, event, event.target);
  const answer = execute(turn, event);
  noteCommand(turn, event, answer);
  if (answer === null) return;
  report(turn, 'info', event.service || null, `${event.command} by ${event.operator}: ${answer.text}`);
  reply(turn, event.request, answer.ok, answer.text);
}

/** What only asks is no event. */
function noteCommand(turn: Turn, { command, service, operator }: CommandEvent, answer: Answer): void {
  if (command === 'status') return;
  const outcome = answer === null ? '' : answer.ok ? `: ${answer.text}` : `, refused: ${answer.text}`;
  happened(turn, 'command', `${command} by ${operator}${outcome}`, { service: service || null, operator });
}

function execute(turn: Turn, event: CommandEvent): Answer {
  const { state } = turn;
  if (state.shuttingDown) return refused('this node is shutting down');
  if (event.command === 'node-standby') return setNodeStandby(turn, true);
  if (event.command === 'node-unstandby') return setNodeStandby(turn, false);
  const replica = state.replicas.get(event.service);
  if (replica === undefined) return refused(`no service ${event.service} is configured on ${state.settings.nodeName}`);
  turn.touched.add(replica.definition.group);
  switch (event.command) {
    case 'activate':
      return activate(turn, replica, event.operator);
    case 'deactivate':
      return deactivate(turn, replica);
    case 'start':
    case 'move':
      return takeOver(turn, replica, event.pin);
    case 'stop':
      return stop(turn, replica);
    case 'unpin':
      return unpin(turn, replica);
    case 'clear':
      return clear(turn, replica, event.operator);
    case 'vouch':
      return vouch(turn, replica);
    case 'enable':
    case 'disable':
      return setEnabled(turn, replica, event.command === 'enable');
    case 'status':
      return wish(replica, event, true);
    case 'reload':
    case 'restart':
    case 'check':
      return wish(replica, event, replica.run === 'started');
  }
}

function activate(turn: Turn, replica: Replica, operator: string): Answer {
  const { name } = replica.definition;
  if (replica.persisted.stopFailed !== null) return stopFailedObstacle(name);
  if (!replica.definition.enabled) return refused(`${name} is disabled here: enable it first`);
  if (replica.run === 'failed' || replica.config === 'failed') return clear(turn, replica, operator);
  if (replica.activationWanted) return done(`${name} is ${replica.config}/${replica.run} here already`);
  replica.activationWanted = true;
  persistService(turn, replica, { deactivated: false });
  return done(`${name} is being activated on ${turn.state.settings.nodeName}`);
}

function deactivate(turn: Turn, replica: Replica): Answer {
  const { name } = replica.definition;
  if (replica.persisted.stopFailed !== null) return stopFailedObstacle(name);
  replica.activationWanted = false;
  persistService(turn, replica, { deactivated: true });
  return done(`${name} is being deactivated on ${turn.state.settings.nodeName}`);
}

/** `start X` and `move S X`: this node takes a new claim, if that makes it the owner. */
function takeOver(turn: Turn, replica: Replica, pin: boolean): Answer {
  const { state } = turn;
  const { group: groupName, name } = replica.definition;
  const here = state.settings.nodeName;
  const obstacle = takeOverObstacle(state, replica);
  if (obstacle !== null) return refused(obstacle);
  const before = replica.standby;
  if (replica.standby) setStandby(turn, replica, false);

  const facts = groupFacts(state, groupName);
  const definitions = referenceDefinitions(facts, groupName);
  const required = requiredMembers(definitions);
  const own = facts.find(({ id }) => id === state.self);
  const candidate = own && candidacy(own, definitions, required);
  if (!candidate) {
    if (before) setStandby(turn, replica, true);
    return refused(`${here} cannot run ${name}: not every member that the group ${groupName} requires is usable here`);
  }
  if (
    isRunningHere(state, groupName) &&
    candidate.id === electOwner(facts, groupName)?.id &&
    (!pin || groupState(state, groupName).pinned)
  ) {
    return done(`${name} is ${replica.config}/${replica.run} on ${here} already`);
  }
  const claim = nextClaim(state, groupName);
  const wouldBe = { ...candidate, claim, pin: pin ? claim : candidate.pin };
  const rivals = facts.filter(({ id }) => id !== state.self);
  const rival = bestCandidate(rivals, definitions, required);
  if (rival !== null && compareCandidates(wouldBe, rival) < 0) {
    if (before) setStandby(turn, replica, true);
    return refused(`${labelOf(state, rival.id)} would take ${name} back at once: ${whyPreferred(rival, wouldBe)}`);
  }
  takeClaim(turn, groupName, pin);
  return done(`${here} takes ${name} over with claim ${claim}${pin ? ', pinned' : ''}`);
}

function takeOverObstacle(state: NodeState, replica: Replica): string | null {
  const { name, group } = replica.definition;
  const here = state.settings.nodeName;
  if (replica.config !== 'active') return `${name} is ${replica.config} on ${here}: activate it first`;
  if (replica.run === 'failed') return `${name} has failed on ${here} (${replica.failure?.code}): clear it first`;
  if (state.standby) return `${here} is on standby: end that first`;
  if (state.phase === 'isolated') return `${here} is isolated: it has no full OSPF neighbour`;
  if (state.phase === 'joining') return `${here} is still joining the cluster: try again in a moment`;
  const members = localMembers(state, group);
  const stopping = members.find(({ run }) => run === 'stopping');
  if (stopping !== undefined) return `${stopping.definition.name} is still stopping on ${here}: try again when it has`;
  const listening = members.find((member) => isListening(state, member));
  return listening === undefined
    ? null
    : `${listening.definition.name} was announced by ${here} only seconds ago: try again in a moment`;
}

function whyPreferred(
  rival: { readonly pin: number; readonly preference: number },
  wouldBe: { readonly pin: number; readonly preference: number },
): string {
  if (rival.pin > wouldBe.pin) return 'it is pinned there (unpin it, or use --pin)';
  return `preference ${rival.preference} > ${wouldBe.preference} (use --pin to override)`;
}

function stop(turn: Turn, replica: Replica): Answer {
  const { name } = replica.definition;
  const here = turn.state.settings.nodeName;
  if (replica.standby) return done(`${name} is on standby on ${here} already`);
  setStandby(turn, replica, true);
  const others = [...reachableReplicas(turn.state.view, name)];
  const next = others.length === 0 ? '; no other node has it' : '';
  return done(`${name} is on standby on ${here} until start or move names this node${next}`);
}

function setStandby(turn: Turn, replica: Replica, standby: boolean): void {
  replica.standby = standby;
  persistService(turn, replica, { standby });
}

function unpin(turn: Turn, replica: Replica): Answer {
  const group = groupState(turn.state, replica.definition.group);
  if (!group.pinned) return refused(`${replica.definition.name} is not pinned to ${turn.state.settings.nodeName}`);
  group.pinned = false;
  return done(`${replica.definition.name} is no longer pinned to ${turn.state.settings.nodeName}`);
}

function clear(turn: Turn, replica: Replica, operator: string): Answer {
  const { name } = replica.definition;
  const vouched = clearHolders(turn, name);
  if (vouched) vouchElsewhere(turn, name, operator);
  if (replica.run === 'failed' || replica.config === 'failed') forgetFailures(turn, replica);
  if (replica.run === 'failed') {
    become(turn, replica, 'active', 'stopped', 'cleared by an operator');
  } else if (replica.config === 'failed') {
    become(turn, replica, 'inactive', 'stopped', 'cleared by an operator');
  } else if (!vouched) {
    return done(`${name} has not failed on ${turn.state.settings.nodeName}: nothing to clear`);
  } else {
    return done(`${name}: taken to be in use by no other node`);
  }
  return done(`${name}: failure cleared on ${turn.state.settings.nodeName}`);
}

/** The other nodes keep the same holder in mind, and would agree to no start. */
function vouchElsewhere(turn: Turn, service: string, operator: string): void {
  for (const { origin } of reachableReplicas(turn.state.view, service)) {
    const command = {
      type: 'command',
      request: '',
      operator,
      command: 'vouch',
      service,
      target: origin,
      pin: false,
    } as const;
    sendCommand(turn, command, origin);
  }
}

function vouch(turn: Turn, replica: Replica): Answer {
  const { name } = replica.definition;
  const { nodeName } = turn.state.settings;
  return done(
    clearHolders(turn, name)
      ? `${name}: ${nodeName} takes it to be in use by no other node`
      : `${name}: nothing to clear on ${nodeName}`,
  );
}

function stopFailedObstacle(name: string): Answer {
  return refused(`the stop of ${name} failed here and it may still be running: see to it, then clear it`);
}

function setEnabled(turn: Turn, replica: Replica, enabled: boolean): Answer {
  const { name } = replica.definition;
  const idle = replica.config === 'inactive' || replica.config === 'disabled' || replica.config === 'failed';
  if (!enabled && !idle) return refused(`${name} is ${replica.config}/${replica.run} here: deactivate it first`);
  emit(turn, { type: 'set-enabled', service: name, enabled });
  return done(`${name} is being ${enabled ? 'enabled' : 'disabled'} on ${turn.state.settings.nodeName}`);
}

function setNodeStandby(turn: Turn, standby: boolean): Answer {
  const { state } = turn;
  state.standby = standby;
  persistNode(turn, { standby });
  turn.daemonTouched = true;
  for (const group of state.groups.keys()) turn.touched.add(group);
  return done(
    standby
      ? `${state.settings.nodeName} is on standby: its services move away`
      : `${state.settings.nodeName} takes part again`,
  );
}

function wish(replica: Replica, event: CommandEvent, possible: boolean): Answer {
  const { command, request } = event;
  if (command !== 'status' && command !== 'reload' && command !== 'restart' && command !== 'check') return null;
  if (!possible)
    return refused(`${replica.definition.name} is ${replica.config}/${replica.run} here: ${command} needs it started`);
  replica.wishes.push({ primitive: command, request });
  return null;
}

function isRunningHere(state: NodeState, group: string): boolean {
  return localMembers(state, group).some(({ run }) => run === 'starting' || run === 'started');
}

function labelOf(state: NodeState, id: RouterId): string {
  const node = state.view.nodes.get(id);
  return node === undefined ? formatRouterId(id) : nodeLabel(node);
}

function done(text: string): Answer {
  return { ok: true, text };
}

function refused(text: string): Answer {
  return { ok: false, text };
}

export function isIdle(state: NodeState, replica: Replica): boolean {
  return (
    replica.job === null && !wantsActive(state, replica) && replica.config !== 'active' && replica.config !== 'injected'
  );
}
