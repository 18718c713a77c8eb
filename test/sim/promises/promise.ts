import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Machine } from '../machine.js';

/**
 * One promise of docs/states-and-rules.md, watched from outside the core: by what daemons are told, what they have done, and what
 * really runs. It must not call the core's rules; it is the second opinion. Each hook throws a Violation.
 */
export interface Watched {
  daemonStarts?(machine: Machine): void;
  daemonEnds?(machine: Machine): void;
  /** Its daemon has handled an event. The effects are not carried out yet. */
  handled?(machine: Machine, event: Event, effects: readonly Effect[]): void;
  /** An effect is about to be carried out. */
  acts?(machine: Machine, effect: Effect): void;
  /** The `start` of a service is about to begin, with this claim; when it is called again does not matter. */
  starts?(machine: Machine, service: string, claim: number): void;
  /** All effects of an event are on their way. */
  settled?(machine: Machine): void;
  /** The cluster may be at rest: what is wrong then; null: nothing. */
  problemAtRest?(live: readonly Machine[]): string | null;
}
