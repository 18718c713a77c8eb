import type {
  Announcement,
  Happening,
  Ipv4Address,
  PersistedNode,
  PersistedService,
  Primitive,
  RouteWay,
} from '../../model/index.js';
import type { Subject } from './event.js';
import type { Timer } from './timer.js';

/** What varies from call to call in a primitive's environment; the rest comes from the definition. */
export interface PrimitiveContext {
  /** SRRD_CLAIM: the fencing token. */
  readonly claim: number;
  /** SRRD_PEERS: reachable nodes with an active replica, as dotted quads. */
  readonly peers: readonly string[];
  /** SRRD_PEER (join, leave): the node that came or went. */
  readonly peer: string | null;
  /** SRRD_FAILURE (failed): code and reason. */
  readonly failure: string | null;
  /** SRRD_RECALL: 0 for the first call, then counting. */
  readonly recall: number;
}

/** What the core wants done, in this order. It is data: the shell (src/daemon) carries it out. */
export type Effect =
  /** Flood. `refresh` may travel slowly and in place; `change` must be fast. */
  | { readonly type: 'announce'; readonly announcement: Announcement; readonly urgency: 'change' | 'refresh' }
  | { readonly type: 'withdraw'; readonly subject: Subject }
  /** Answered by `alias-up` or `alias-failed`. `withheld`: it is not announced before `route-up`. */
  | { readonly type: 'alias-up'; readonly service: string; readonly withheld: boolean }
  /** The address stays up, and is announced or no longer announced. No answer: `routes` tells. */
  | { readonly type: 'route-up'; readonly service: string }
  | { readonly type: 'route-down'; readonly service: string }
  /** How addresses are announced from now on, and all that this node may have to announce. */
  | { readonly type: 'route-way'; readonly way: RouteWay; readonly addresses: readonly Ipv4Address[] }
  /** Answered by `alias-down`, always. */
  | { readonly type: 'alias-down'; readonly service: string }
  /** Answered by `primitive-ended` with the same run number, always. */
  | {
      readonly type: 'run';
      readonly service: string;
      readonly primitive: Primitive;
      readonly run: number;
      readonly timeoutMs: number;
      /** A start waits for it, whatever primitive it is. */
      readonly urgent?: true;
      readonly context: PrimitiveContext;
    }
  /** Kill the process group of that run, with SIGKILL; `primitive-ended` with `killed` follows. */
  | { readonly type: 'kill'; readonly service: string; readonly run: number }
  /** Run the Makefile's `watch`, without a time limit. If it ends by itself: `watch-ended`, once. */
  | { readonly type: 'watch'; readonly service: string; readonly run: number; readonly context: PrimitiveContext }
  /** Kill its process group, with SIGKILL, before a primitive of the service that follows is called. No answer. */
  | { readonly type: 'unwatch'; readonly service: string; readonly run: number }
  /** Send the event `timer` after the delay; a timer set again (`timerKey`) starts anew. */
  | { readonly type: 'set-timer'; readonly timer: Timer; readonly delayMs: number }
  | { readonly type: 'cancel-timer'; readonly timer: Timer }
  /** Must be on disk before the effects that follow are carried out. */
  | { readonly type: 'persist-node'; readonly record: PersistedNode }
  | { readonly type: 'persist-service'; readonly service: string; readonly record: PersistedService }
  /** Write `enabled` into the service's definition file, then send `configure`. */
  | { readonly type: 'set-enabled'; readonly service: string; readonly enabled: boolean }
  | { readonly type: 'reply'; readonly request: string; readonly ok: boolean; readonly text: string }
  /** For the list of events. */
  | { readonly type: 'happened'; readonly happening: Happening }
  /** For the log: what happened, in words. */
  | {
      readonly type: 'report';
      readonly level: 'info' | 'warn' | 'error';
      readonly service: string | null;
      readonly text: string;
    }
  /** Everything is stopped and withdrawn: the process may end. */
  | { readonly type: 'finished' };
