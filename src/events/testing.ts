import type { ClusterEvent } from './cluster-event.js';

/** Only for tests: an event in which nothing is said but what is given. `atMs`: Unix milliseconds. */
export function eventAt(atMs: number, event: Partial<ClusterEvent>): ClusterEvent {
  const plain = {
    seq: 1,
    node: '',
    kind: 'state',
    service: null,
    from: null,
    to: null,
    operator: null,
    text: '',
  } as const;
  return { ...plain, at: new Date(atMs).toISOString(), ...event };
}
