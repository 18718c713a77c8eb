import type { Event, NodeState } from './state/index.js';

/** So many events at most are settled together: none waits longer than a few milliseconds. */
const MOST_TOGETHER = 64;

/**
 * Whether a group need not be settled after this event, because the next one is of the same kind: a flood about one group of
 * hundreds would have it elected and looked through for each word. Only what other nodes say of services waits so. OSPF could have
 * brought the newer word alone as well; and a timer, a command or an operator finds everything settled.
 */
export function settlesWithNext(state: NodeState, event: Event, next: Event | undefined): boolean {
  if (next === undefined || !isWordOfService(state, event) || !isWordOfService(state, next)) return false;
  return (state.unsettled?.events ?? 0) < MOST_TOGETHER - 1;
}

function isWordOfService({ self }: NodeState, event: Event): boolean {
  switch (event.type) {
    case 'announcement':
      return event.announcement.kind === 'service' && event.origin !== self;
    case 'withdrawal':
      // What was deleted of our own is flooded again at once.
      return event.subject.kind === 'service' && event.origin !== self;
    default:
      return false;
  }
}
