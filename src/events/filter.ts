import type { ClusterEvent } from './cluster-event.js';

/** What is asked for; absent: everything. */
export interface EventFilter {
  readonly service?: string | undefined;
  /** Router ID. */
  readonly node?: string | undefined;
  readonly kind?: ClusterEvent['kind'] | undefined;
  /** Anywhere in text, service, states or operator, in capitals or not. */
  readonly text?: string | undefined;
}

export function matcher({ service, node, kind, text }: EventFilter): (event: ClusterEvent) => boolean {
  const wanted = text?.toLowerCase();
  return (event) =>
    (service === undefined || event.service === service) &&
    (node === undefined || event.node === node) &&
    (kind === undefined || event.kind === kind) &&
    (wanted === undefined || searchable(event).includes(wanted));
}

function searchable({ text, service, from, to, operator }: ClusterEvent): string {
  return [text, service, from, to, operator].join('\n').toLowerCase();
}
