import type { Effect, Event, Subject } from '../cluster/index.js';
import type { FloodingScope } from '../flooding/index.js';
import type { Announcement, PersistedNode, PersistedService, RouteWay, ServiceDefinition } from '../model/index.js';

/** The core as the daemon sees it. */
export interface Core {
  /**
   * The effects, in pieces that each take little time. `nowMs` is monotonic. `next`: the event that will be handled next, if it waits
   * already.
   */
  steps(event: Event, nowMs: number, next: Event | undefined): Iterable<readonly Effect[]>;
}

/** Carries announcements; the part of a transport that effects need. */
export interface Announcer {
  announce(announcement: Announcement, urgency: 'change' | 'refresh', scope: FloodingScope): void;
  withdraw(subject: Subject): void;
}

/** Puts /32 addresses up and down; answers `up` and `down` with a RoutingEvent. */
export interface Aliases {
  /** An `up` is about to come. No answer. */
  prepare(): void;
  up(definition: ServiceDefinition, withheld: boolean): void;
  down(service: string): void;
  /** The address is announced again, or no longer, and stays up. No answer. */
  announce(service: string): void;
  withhold(service: string): void;
  /** How addresses are announced from now on, and all that this node may have to announce. No answer. */
  announceAs(way: RouteWay, addresses: readonly string[]): void;
}

export type RunEffect = Extract<Effect, { type: 'run' }>;

export type WatchEffect = Extract<Effect, { type: 'watch' }>;

/** Runs primitives; answers every run with `primitive-ended`. */
export interface Primitives {
  run(definition: ServiceDefinition, run: RunEffect): void;
  kill(service: string, run: number): void;
  /** Tells with `watch-ended` if it ends without `unwatch`. */
  watch(definition: ServiceDefinition, watch: WatchEffect): void;
  unwatch(service: string, run: number): void;
}

/** What must survive a crash. Both calls return when the record is written, and throw when it is not. */
export interface Records {
  saveNode(record: PersistedNode): void;
  /** `durable`: it must survive a power failure as well, and is on disk when this returns. */
  saveService(service: string, record: PersistedService, options: { readonly durable: boolean }): void;
}

/** Records that may be missing where the disk is full. */
export interface KeptRecords extends Records {
  /** Why the newest record of the service is not written; null: it is. */
  missing(service: string): string | null;
}

/** Writes `enabled` into a definition file and sends `configure`. */
export type SetEnabled = (service: string, enabled: boolean) => void;

/** Where `report` effects go. */
export interface Log {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}
