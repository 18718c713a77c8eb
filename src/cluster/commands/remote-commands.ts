import {
  type CommandAnnouncement,
  type DaemonAnnouncement,
  formatRouterId,
  MAX_NONCE,
  type RouterId,
} from '../../model/index.js';
import { commandName, isRemote, type Order } from '../../tables/index.js';
import { nextSequence } from '../announcing/index.js';
import { askedAs, MAX_OUTCOMES, noteOutcome, type Outcome, reply, serviceOf } from '../answers/index.js';
import {
  type Asked,
  type CommandEvent,
  cancelTimer,
  emit,
  happened,
  type NodeState,
  type RemoteCommands,
  type SentCommand,
  setTimer,
  type Turn,
} from '../state/index.js';
import { nodeLabel, type View } from '../view/index.js';
import { isNewCommand, persistIssuer } from './issuers.js';
import { whyNotPermitted } from './permitted.js';

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
  const { request, operator, role, order, pin, holder = null } = event;
  if (!isRemote(order)) return reply(turn, request, false, askedThere(order, target));
  const obstacle = whyNotAsked(state.view, target);
  if (obstacle !== null) return reply(turn, request, false, obstacle);
  const nonce = state.remote.nextNonce++;
  noteForeignCommand(turn, null, event, target);
  const sequence = nextSequence(state);
  const asked = { order, operator, role };
  state.remote.sent.set(nonce, { request, asked, target, epoch: sequence.epoch, withdrawn: false });
  const content = { nonce, ...asked, target, pin, holder };
  emit(turn, { type: 'announce', announcement: { kind: 'command', sequence, ...content }, urgency: 'change' });
  setTimer(turn, { kind: 'command-expires', nonce }, COMMAND_VALID_MS);
  setTimer(turn, { kind: 'command-unanswered', nonce }, ANSWER_LIMIT_MS);
}

/** Why another node cannot be asked for it; null: it can. */
export function whyNotSent({ view }: NodeState, order: Order, target: RouterId): string | null {
  return isRemote(order) ? whyNotAsked(view, target) : askedThere(order, target);
}

function askedThere(order: Order, target: RouterId): string {
  return `${commandName(order)} is asked of the node itself: run srrctl on ${formatRouterId(target)}`;
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
  if (!isNewCommand(turn, issuer, command.sequence, command.nonce)) return undefined;
  // Like all announcements a command counts only while OSPF reaches its origin. It is noted all the same: where its daemon is frozen
  // and cannot take it back, ospfd refreshes it as if it were new.
  if (state.view.nodes.get(issuer)?.reachable !== true && state.synced) return undefined;
  // What the LSDB already held when we connected may have been executed by an earlier life of this daemon.
  if (!state.synced || ageSeconds * 1000 > COMMAND_VALID_MS) return undefined;
  if (command.target !== state.self) {
    noteForeignCommand(turn, issuer, command, command.target);
    return undefined;
  }
  const request = `remote ${formatRouterId(issuer)} ${command.sequence.epoch} ${command.nonce}`;
  const notPermitted = whyNotPermitted(state.settings.remoteCommands, command);
  // Answers for which there is no room would only cost floods.
  if (notPermitted !== null && state.remote.outcomes.length === MAX_OUTCOMES) return undefined;
  if (notPermitted === null) persistIssuer(turn, issuer);
  const { order, operator, role, pin, holder } = command;
  const asked = { order, operator, role };
  state.remote.executing.set(request, { issuer, epoch: command.sequence.epoch, nonce: command.nonce, asked });
  const obstacle = notPermitted ?? whyNotNow(state) ?? noRoom ?? null;
  if (obstacle !== null) {
    reply(turn, request, false, obstacle);
    return undefined;
  }
  const event = { type: 'command', request, ...asked, target: null, pin } as const;
  return holder === null ? event : { ...event, holder };
}

/** It may have waited in the queue of a daemon that was frozen, long after its operator was told that nobody answered. */
function whyNotNow({ phase, settings: { nodeName } }: NodeState): string | null {
  return phase === 'member' || phase === 'alone' ? null : `${nodeName} is ${phase}: try again when it has joined`;
}

/** Every node hears it; its outcome is between the two. */
function noteForeignCommand(turn: Turn, issuer: RouterId | null, asked: Asked, target: RouterId): void {
  const text = `${askedAs(asked)}, asked ${issuer === null ? 'here' : `on ${formatRouterId(issuer)}`}`;
  happened(turn, 'command', text, { node: target, service: serviceOf(asked), operator: asked.operator });
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
    answered(turn, nonce, sent, ok ? 'done' : 'refused', text);
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
  answered(
    turn,
    nonce,
    sent,
    'unanswered',
    `no answer from ${formatRouterId(sent.target)} within ${seconds} s; see its status`,
  );
}

function answered(turn: Turn, nonce: number, sent: SentCommand, is: Outcome['is'], text: string): void {
  noteOutcome(turn, sent.asked, { sentTo: sent.target }, { is, text });
  // One that this node sent by itself is answered with that note.
  if (sent.request !== '') reply(turn, sent.request, is === 'done', text);
  commandExpired(turn, nonce);
  turn.state.remote.sent.delete(nonce);
  cancelTimer(turn, { kind: 'command-expires', nonce });
  cancelTimer(turn, { kind: 'command-unanswered', nonce });
}
