import { emit, report, type Turn } from '../state/index.js';
import { noteOutcome } from './note-outcome.js';
import { keepOutcome } from './outcomes-kept.js';

/** Answers an operator, here or, through the Daemon LSA, on the node that sent the command. */
export function reply(turn: Turn, request: string, ok: boolean, text: string): void {
  if (answerRemotely(turn, request, ok, text)) return;
  if (request === '') return report(turn, ok ? 'info' : 'warn', null, text);
  emit(turn, { type: 'reply', request, ok, text });
}

/** Answers a request of another node: flooded in the Daemon LSA. Returns whether the request was one. */
export function answerRemotely(turn: Turn, request: string, ok: boolean, text: string): boolean {
  const { remote } = turn.state;
  const from = remote.executing.get(request);
  if (from === undefined) return false;
  remote.executing.delete(request);
  const { asked, ...which } = from;
  noteOutcome(turn, asked, { askedOn: from.issuer }, { is: ok ? 'done' : 'refused', text });
  keepOutcome(turn, { ...which, ok, text });
  return true;
}
