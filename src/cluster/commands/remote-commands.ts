import {
  type CommandAnnouncement,
  type DaemonAnnouncement,
  formatRouterId,
  MAX_NONCE,
  type RouterId,
} from '../../model/index.js';
import { type CommandName, isRemoteCommand } from '../../tables/index.js';
import { nextSequence } from '../announcing/index.js';
import { MAX_OUTCOMES, reply } from '../answers/index.js';
import {
  type CommandEvent,
  cancelTimer,
  emit,
  happened,
  type NodeState,
  type RemoteCommands,
  report,
  setTimer,
  type Turn,
} from '../state/index.js';
import { nodeLabel, type View } from '../view/index.js';
import { isNewCommand, persistIssuer } from './issuers.js';

/** How long a Command LSA is valid. */
export const COMMAND_VALID_MS = 10_000;
/** How long the issuer waits for the outcome: the command's life, and a lost flood's retransmission of the answer. */
const ANSWER_LIMIT_MS = 20_000;

export function noRemoteCommands(): RemoteCommands {
  return { nextNonce: 1, sent: new Map(), executing: new Map(), issuers: new Map(), outcomes: [] };
}

/** Floods a command for another node. Its outcome comes in that node's Daemon LSA. */
export function sendCommand(turn: Turn, event: CommandEvent, target: RouterId): void {
  const { state } = turn;
  const { request, operator, command, service, pin, holder = null } = event;
  if (!isRemoteCommand(command)) return reply(turn, request, false, askedThere(command, target));
  const obstacle = whyNotAsked(state.view, target);
  if (obstacle !== null) return reply(turn, request, false, obstacle);
  const nonce = state.remote.nextNonce++;
  noteForeignCommand(turn, null, event, target);
  const sequence = nextSequence(state);
  state.remote.sent.set(nonce, { request, target, epoch: sequence.epoch, withdrawn: false });
  const announcement = { kind: 'command', sequence, nonce, operator, target, command, service, pin, holder } as const;
  emit(turn, { type: 'announce', announcement: announcement satisfies CommandAnnouncement, urgency: 'change' });
  setTimer(turn, { kind: 'command-expires', nonce }, COMMAND_VALID_MS);
  setTimer(turn, { kind: 'command-unanswered', nonce }, ANSWER_LIMIT_MS);
}

/** Why another node cannot be asked for it; null: it can. */
export function whyNotSent({ view }: NodeState, command: CommandName, target: RouterId): string | null {
  return isRemoteCommand(command) ? whyNotAsked(view, target) : askedThere(command, target);
}

function askedThere(command: CommandName, target: RouterId): string {
  return `${command} is asked of the node itself: run srrctl on ${formatRouterId(target)}`;
}

/** Why a node can be asked for nothing; null: it can be asked. */
export function whyNotAsked(view: View, target: RouterId): string | null {
  const node = view.nodes.get(target);
  if (node === undefined || node.daemon === null) return `no node ${formatRouterId(target)} is known in this cluster`;
  return node.reachable ? null : `${nodeLabel(node)} is unreachable`;
}

/**
 * A command under our router ID that this life has not given, forged or damaged: the others have noted its nonce, and take
 * only higher ones. As with a self-originated LSA that is newer (RFC 2328 13.4), ours go on above it.
 */
export function skipForeignNonce({ remote, epoch }: NodeState, { nonce, sequence }: CommandAnnouncement): void {
  if (sequence.epoch === epoch && nonce <= MAX_NONCE) remote.nextNonce = Math.max(remote.nextNonce, nonce + 1);
}

/** Another node's command arrived. `noRoom`: why what it asks for could not be remembered. Returns it as an event of our own, or undefined if it is not for us to execute. */
export function takeCommand(
  turn: Turn,
  issuer: RouterId,
  ageSeconds: number,
  command: CommandAnnouncement,
  noRoom: string | undefined,
): CommandEvent | undefined {
  const { state } = turn;
  // Like all announcements a command counts only while OSPF reaches its origin.
  if (state.view.nodes.get(issuer)?.reachable !== true && state.synced) return undefined;
  if (!isNewCommand(turn, issuer, command.sequence, command.nonce)) return undefined;
  // What the LSDB already held when we connected may have been executed by an earlier life of this daemon.
  if (!state.synced || ageSeconds * 1000 > COMMAND_VALID_MS) return undefined;
  if (command.target !== state.self) {
    noteForeignCommand(turn, issuer, command, command.target);
    return undefined;
  }
  const request = `remote ${formatRouterId(issuer)} ${command.sequence.epoch} ${command.nonce}`;
  const { remoteCommands, nodeName } = state.settings;
  // Answers for which there is no room would only cost floods.
  if (!remoteCommands && state.remote.outcomes.length === MAX_OUTCOMES) return undefined;
  if (remoteCommands) persistIssuer(turn, issuer);
  state.remote.executing.set(request, { issuer, epoch: command.sequence.epoch, nonce: command.nonce });
  const name = command.service === '' ? null : command.service;
  report(turn, 'info', name, `${command.command} asked by ${command.operator} on ${formatRouterId(issuer)}`);
  if (!remoteCommands) {
    reply(turn, request, false, 'commands from other nodes are switched off here (remoteCommands: false)');
    return undefined;
  }
  // It may have waited in the queue of a daemon that was frozen, long after its operator was told that nobody answered.
  if (state.phase !== 'member' && state.phase !== 'alone') {
    reply(turn, request, false, `${nodeName} is ${state.phase}: try again when it has joined`);
    return undefined;
  }
  if (noRoom !== undefined) {
    reply(turn, request, false, noRoom);
    return undefined;
  }
  const { operator, service, pin, holder } = command;
  const event = { type: 'command', request, operator, command: command.command, service, target: null, pin } as const;
  return holder === null ? event : { ...event, holder };
}

/** Every node hears it; its outcome is between the two. */
function noteForeignCommand(
  turn: Turn,
  issuer: RouterId | null,
  { command, service, operator }: Pick<CommandEvent, 'command' | 'service' | 'operator'>,
  target: RouterId,
): void {
  const text = `${command} by ${operator}, asked ${issuer === null ? 'here' : `on ${formatRouterId(issuer)}`}`;
  happened(turn, 'command', text, { node: target, service: service || null, operator });
}

/** Another node's Daemon LSA: are there outcomes of commands that we sent? */
export function readOutcomes(turn: Turn, origin: RouterId, daemon: DaemonAnnouncement): void {
  const { state } = turn;
  for (const { issuer, epoch, nonce, ok, text } of daemon.outcomes) {
    if (issuer !== state.self) continue;
    const sent = state.remote.sent.get(nonce);
    if (sent === undefined || sent.target !== origin) continue;
    // What the target did for an earlier life of this daemon stays in its announcement for a while.
    if (epoch !== null && epoch !== sent.epoch) continue;
    reply(turn, sent.request, ok, text);
    forgetCommand(turn, nonce);
  }
}

export function commandExpired(turn: Turn, nonce: number): void {
  const sent = turn.state.remote.sent.get(nonce);
  if (sent === undefined || sent.withdrawn) return;
  sent.withdrawn = true;
  emit(turn, { type: 'withdraw', subject: { kind: 'command', nonce } });
}

export function commandUnanswered(turn: Turn, nonce: number): void {
  const sent = turn.state.remote.sent.get(nonce);
  if (sent === undefined) return;
  const seconds = ANSWER_LIMIT_MS / 1000;
  reply(turn, sent.request, false, `no answer from ${formatRouterId(sent.target)} within ${seconds} s; see its status`);
  forgetCommand(turn, nonce);
}

function forgetCommand(turn: Turn, nonce: number): void {
  commandExpired(turn, nonce);
  turn.state.remote.sent.delete(nonce);
  cancelTimer(turn, { kind: 'command-expires', nonce });
  cancelTimer(turn, { kind: 'command-unanswered', nonce });
}
