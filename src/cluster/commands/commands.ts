import type { RouterId } from '../../model/index.js';
import type { GroupCommand, NodeCommand, ServiceCommand } from '../../tables/index.js';
import { type Answer, askedBy, askedWhere, done, refused, reply, serviceOf } from '../answers/index.js';
import { groupState, localMembers } from '../group/index.js';
import { endFailure, forgetFailures, requestPrimitive } from '../replica/index.js';
import {
  type CommandEvent,
  emit,
  happened,
  persistNode,
  persistService,
  type Replica,
  report,
  type Turn,
} from '../state/index.js';
import { reachableReplicas } from '../view/index.js';
import { answerAtOnce, commandedHere, notPinned, SHUTTING_DOWN } from './at-once.js';
import { confirmStopped } from './confirm-stopped.js';
import { sendCommand } from './remote-commands.js';
import { setStandby, takeGroupOver, takeServiceOver } from './take-over.js';

/** An operator's command, from here or (as an event of our own) from another node. */
export function handleCommand(turn: Turn, event: CommandEvent): void {
  if (event.target !== null && event.target !== turn.state.self) return sendCommand(turn, event, event.target);
  const answer = execute(turn, event);
  const from = turn.state.remote.executing.get(event.request);
  if (answer === null) return noteBegun(turn, event, from?.issuer ?? null);
  // What came of another node's command is noted with the reply.
  if (from === undefined) noteAnswer(turn, event, answer);
  reply(turn, event.request, answer.ok, answer.text);
}

/** What only asks is no event. */
function noteBegun(turn: Turn, event: CommandEvent, issuer: RouterId | null): void {
  if (isQuestion(event)) return;
  const words = issuer === null ? askedBy(event) : askedWhere(event, { askedOn: issuer });
  happened(turn, 'command', words, { service: serviceOf(event), operator: event.operator });
  if (issuer !== null) report(turn, 'info', serviceOf(event), words);
}

function noteAnswer(turn: Turn, event: CommandEvent, { ok, text }: NonNullable<Answer>): void {
  const [service, by] = [serviceOf(event), askedBy(event)];
  const words = ok ? `${by}: ${text}` : `${by}, refused: ${text}`;
  if (!isQuestion(event)) happened(turn, 'command', words, { service, operator: event.operator });
  report(turn, 'info', service, `${by}: ${text}`);
}

function isQuestion({ order }: CommandEvent): boolean {
  return order.of === 'service' && order.command === 'status';
}

function execute(turn: Turn, event: CommandEvent): Answer {
  const { state } = turn;
  if (state.shuttingDown) return refused(SHUTTING_DOWN);
  const { order } = event;
  if (order.of === 'node') return executeForNode(turn, order.command);
  if (order.of === 'group') return executeForGroup(turn, order.group, order.command, event);
  const { service, command } = order;
  if (command === 'confirm-stopped') return confirmStopped(turn, service, event);
  const replica = state.replicas.get(service);
  if (replica === undefined) return refused(`no service ${service} is configured on ${state.settings.nodeName}`);
  turn.dirty.add(replica.definition.group);
  return commandReplica(turn, replica, command, event);
}

function executeForNode(turn: Turn, command: NodeCommand): Answer {
  switch (command) {
    case 'standby':
      return setNodeStandby(turn, true);
    case 'unstandby':
      return setNodeStandby(turn, false);
  }
}

/** To all members on this node at once. Each member's own answer is in the text. */
function executeForGroup(turn: Turn, group: string, command: GroupCommand, event: CommandEvent): Answer {
  const members = localMembers(turn.state, group);
  if (members.length === 0)
    return refused(`no service of a group ${group} is configured on ${turn.state.settings.nodeName}`);
  turn.dirty.add(group);
  const each = (one: ReplicaCommand) => together(members.map((member) => commandReplica(turn, member, one, event)));
  switch (command) {
    case 'activate':
      return each('activate');
    case 'deactivate':
      return each('deactivate');
    case 'start':
    case 'move':
      return takeGroupOver(turn, group, event.pin);
    case 'stop':
      return each('stop');
    case 'unpin': {
      const { pinned } = groupState(turn.state, group);
      return pinned
        ? unpin(turn, `the group ${group}`, group)
        : refused(notPinned(`the group ${group}`, turn.state.settings.nodeName));
    }
    case 'clear':
      return each('clear');
  }
}

type ReplicaCommand = Exclude<ServiceCommand, 'confirm-stopped'>;

function commandReplica(turn: Turn, replica: Replica, command: ReplicaCommand, event: CommandEvent): Answer {
  const { name, group } = replica.definition;
  const atOnce = answerAtOnce(command, commandedHere(turn.state, replica, event.pin));
  if (atOnce !== null) return atOnce;
  switch (command) {
    case 'activate':
      return activate(turn, replica);
    case 'deactivate':
      return deactivate(turn, replica);
    case 'start':
    case 'move':
      return takeServiceOver(turn, replica, event.pin);
    case 'stop':
      return stop(turn, replica);
    case 'unpin':
      return unpin(turn, name, group);
    case 'clear':
      return clearFailure(turn, replica);
    case 'enable':
    case 'disable':
      return setEnabled(turn, replica, command === 'enable');
    case 'status':
    case 'reload':
    case 'restart':
    case 'check':
      requestPrimitive(replica, command, event.request);
      return null;
  }
}

function together(answers: readonly Answer[]): Answer {
  const given = answers.filter((answer) => answer !== null);
  return { ok: given.every(({ ok }) => ok), text: given.map(({ text }) => text).join('; ') };
}

function activate(turn: Turn, replica: Replica): Answer {
  if (!replica.activationWanted) {
    replica.activationWanted = true;
    persistService(turn, replica, { deactivated: false });
  }
  if (replica.run === 'failed' || replica.config === 'failed') return clearFailure(turn, replica);
  return done(`${replica.definition.name} is being activated on ${turn.state.settings.nodeName}`);
}

function deactivate(turn: Turn, replica: Replica): Answer {
  replica.activationWanted = false;
  persistService(turn, replica, { deactivated: true });
  return done(`${replica.definition.name} is being deactivated on ${turn.state.settings.nodeName}`);
}

function stop(turn: Turn, replica: Replica): Answer {
  const { name } = replica.definition;
  setStandby(turn, replica, true);
  const others = [...reachableReplicas(turn.state.view, name)];
  const next = others.length === 0 ? '; no other node has it' : '';
  return done(`${name} is on standby on ${turn.state.settings.nodeName} until start or move names this node${next}`);
}

function unpin({ state }: Turn, what: string, group: string): Answer {
  groupState(state, group).pinned = false;
  return done(`${what} is no longer pinned to ${state.settings.nodeName}`);
}

/** Of a replica that has failed. It says nothing about who else may be using the service. */
function clearFailure(turn: Turn, replica: Replica): Answer {
  forgetFailures(turn, replica);
  endFailure(turn, replica, 'cleared by an operator');
  return done(`${replica.definition.name}: failure cleared on ${turn.state.settings.nodeName}`);
}

function setEnabled(turn: Turn, { definition: { name } }: Replica, enabled: boolean): Answer {
  emit(turn, { type: 'set-enabled', service: name, enabled });
  return done(`${name} is being ${enabled ? 'enabled' : 'disabled'} on ${turn.state.settings.nodeName}`);
}

function setNodeStandby(turn: Turn, standby: boolean): Answer {
  const { state } = turn;
  state.standby = standby;
  persistNode(turn, { standby });
  turn.daemonDirty = true;
  for (const group of state.groups.keys()) turn.dirty.add(group);
  return done(
    standby
      ? `${state.settings.nodeName} is on standby: its services move away`
      : `${state.settings.nodeName} takes part again`,
  );
}
