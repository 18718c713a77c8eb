import { formatRouterId, type RouterId } from '../../model/index.js';
import { orderWords } from '../../tables/index.js';
import { type Asked, happened, report, type Turn } from '../state/index.js';

type Where = { readonly sentTo: RouterId } | { readonly askedOn: RouterId };

export interface Outcome {
  readonly is: 'done' | 'refused' | 'unanswered';
  /** Empty: there is no more to say. */
  readonly text: string;
}

/**
 * Notes who asked for what, where, and what came of it, in the log and in the list of events: on the node that was asked and on
 * the one that carried it out. `where`: the other one of the two.
 */
export function noteOutcome(turn: Turn, asked: Asked, where: Where, { is, text }: Outcome): void {
  const words = `${askedWhere(asked, where)}${is === 'refused' ? ', refused' : ''}: ${text || is}`;
  const about = 'sentTo' in where ? { node: where.sentTo } : {};
  happened(turn, 'command', words, { ...about, service: serviceOf(asked), operator: asked.operator });
  report(turn, is === 'done' ? 'info' : 'warn', serviceOf(asked), words);
}

/** `stop by anna as operator, asked on 10.0.0.1` */
export function askedWhere(asked: Asked, where: Where): string {
  const place =
    'sentTo' in where ? `sent to ${formatRouterId(where.sentTo)}` : `asked on ${formatRouterId(where.askedOn)}`;
  return `${askedAs(asked)}, ${place}`;
}

/** `stop by anna as operator` */
export function askedAs(asked: Asked): string {
  return `${askedBy(asked)}${asked.role === null ? '' : ` as ${asked.role}`}`;
}

/** `stop by anna`; a service's name is told beside it, a group's is not. */
export function askedBy({ order, operator }: Asked): string {
  return `${order.of === 'service' ? order.command : orderWords(order)} by ${operator}`;
}

/** null: it is for a group or a node. */
export function serviceOf({ order }: Pick<Asked, 'order'>): string | null {
  return order.of === 'service' ? order.service : null;
}
