import { MAX_NONCE, type PersistedIssuer, type RouterId, routerId, type Sequence } from '../../model/index.js';
import { noteDropped } from '../nodes/index.js';
import { type Issuer, type NodeState, persistNode, type Turn } from '../state/index.js';

/** A node has no more Command LSAs out at a time, and each for 10 s: so many of its nonces may come out of order. */
export const COMMANDS_AT_A_TIME = 256;
const TIME_MS = 10_000;
/** So many nodes may command others. Those that cannot be reached are forgotten first; further ones are not obeyed. */
export const MAX_ISSUERS = 512;

/** Notes a command of another node. Returns whether it is to be looked at: it is new, and its issuer keeps to its limit. */
export function isNewCommand(turn: Turn, id: RouterId, { epoch }: Sequence, nonce: number): boolean {
  if (nonce > MAX_NONCE) return false;
  const issuer = issuerOf(turn, id, epoch);
  if (issuer === undefined || epoch < issuer.epoch || wasTaken(issuer, nonce)) return false;
  const { highest } = issuer;
  const forgotten = Math.min(highest, nonce - COMMANDS_AT_A_TIME);
  for (let old = highest - COMMANDS_AT_A_TIME + 1; old <= forgotten; old++) issuer.seen.delete(old);
  issuer.highest = Math.max(issuer.highest, nonce);
  issuer.seen.add(nonce);
  return isWithinLimit(turn, id, issuer);
}

/** A command is about to be carried out: never again, also not by a later life of this daemon. */
export function persistIssuer(turn: Turn, id: RouterId): void {
  const issuer = turn.state.remote.issuers.get(id);
  if (issuer === undefined) return;
  const { epoch, highest } = issuer;
  const others = turn.state.persisted.issuers.filter(({ routerId }) => routerId !== id);
  persistNode(turn, { issuers: [...others, { routerId: id, epoch, nonce: highest }].slice(-MAX_ISSUERS) });
}

/** What an earlier life of this daemon has carried out. */
export function recallIssuers(state: NodeState, persisted: readonly PersistedIssuer[]): void {
  for (const { routerId: id, epoch, nonce } of persisted) {
    state.remote.issuers.set(routerId(id), newIssuer(epoch, nonce, nonce));
  }
}

/** undefined: too many nodes have sent commands. */
function issuerOf(turn: Turn, id: RouterId, epoch: number): Issuer | undefined {
  const { issuers } = turn.state.remote;
  const known = issuers.get(id);
  if (known !== undefined && known.epoch >= epoch && !hasBegunAgain(turn.state, id, known, epoch)) return known;
  if (known === undefined && issuers.size >= MAX_ISSUERS && !forgetUnreachable(turn.state)) return undefined;
  const issuer = newIssuer(epoch, 0, 0);
  if (known !== undefined) {
    issuer.sinceMs = known.sinceMs;
    issuer.count = known.count;
  }
  issuers.set(id, issuer);
  return issuer;
}

/**
 * Its daemon lives in an epoch below the mark: the node has lost its disk, and its clock was wrong before or is now. Else nobody
 * would ever obey it again. Commands of the other epoch are too old by now to be carried out.
 */
function hasBegunAgain({ view }: NodeState, id: RouterId, known: Issuer, epoch: number): boolean {
  const node = view.nodes.get(id);
  return epoch < known.epoch && node?.daemonPresence === 'held' && node.daemon?.sequence.epoch === epoch;
}

function newIssuer(epoch: number, highest: number, floor: number): Issuer {
  return { epoch, highest, floor, seen: new Set(), sinceMs: Number.NEGATIVE_INFINITY, count: 0 };
}

function wasTaken({ highest, floor, seen }: Issuer, nonce: number): boolean {
  return nonce <= floor || nonce <= highest - COMMANDS_AT_A_TIME || seen.has(nonce);
}

/** Returns whether there is room now. */
function forgetUnreachable({ remote, view }: NodeState): boolean {
  for (const id of remote.issuers.keys()) {
    if (view.nodes.get(id)?.reachable) continue;
    remote.issuers.delete(id);
    return true;
  }
  return false;
}

/** More than a daemon of ours can have out in that time is dropped. */
function isWithinLimit(turn: Turn, id: RouterId, issuer: Issuer): boolean {
  if (turn.nowMs >= issuer.sinceMs + TIME_MS) {
    issuer.sinceMs = turn.nowMs;
    issuer.count = 0;
  }
  issuer.count += 1;
  if (issuer.count <= COMMANDS_AT_A_TIME) return true;
  const why = `it sends more than ${COMMANDS_AT_A_TIME} commands within ${TIME_MS / 1000} s`;
  noteDropped(turn, id, why);
  return false;
}
