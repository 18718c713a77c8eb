import type { OspfApiReply } from 'ospfapi-shim';
import type { Subject } from '../cluster/index.js';
import type { Announcement } from '../model/index.js';
import type { RunningTimer } from './clock.js';
import type { OwnLsa } from './own-lsas.js';
import { type Placement, placeKey } from './placement.js';
import type { FloodingScope } from './transport.js';

/** What is wanted of one subject, and how far that has got. */
export interface OutboxEntry {
  readonly subject: Subject;
  /** null: withdrawn. */
  wanted: { readonly announcement: Announcement; readonly scope: FloodingScope } | null;
  /** What `wanted` still needs. */
  pending: 'change' | 'refresh' | null;
  inFlight: boolean;
  /** The LSA that carries the newest announcement that ospfd has taken. */
  current: OwnLsa | null;
  /** Originated, but ospfd has not answered in time. */
  uncertain: OwnLsa[];
  superseded: OwnLsa[];
  /** Since the last change. */
  repairs: number;
  repairTimer: RunningTimer | null;
}

export function newEntry(subject: Subject): OutboxEntry {
  return {
    subject,
    wanted: null,
    pending: null,
    inFlight: false,
    current: null,
    uncertain: [],
    superseded: [],
    repairs: 0,
    repairTimer: null,
  };
}

/** Whether the newest LSA can be given new content without becoming another one. */
export function canUpdate(entry: OutboxEntry, placement: Placement): entry is OutboxEntry & { current: OwnLsa } {
  return entry.current !== null && placeKey(entry.current.placement) === placeKey(placement);
}

/** `lsa` now carries the newest announcement of the subject. Returns those that are out beside it and not needed any more. */
export function supersede(entry: OutboxEntry, lsa: OwnLsa): readonly OwnLsa[] {
  const before = [...entry.uncertain, ...(entry.current === null ? [] : [entry.current])];
  entry.superseded = [...entry.superseded.filter((old) => !old.gone), ...before];
  entry.uncertain = [];
  entry.current = lsa;
  return before;
}

/** All that is or may be out of it, the newest first. */
export function lsasOf({ current, uncertain, superseded }: OutboxEntry): readonly OwnLsa[] {
  return [...(current === null ? [] : [current]), ...uncertain, ...superseded];
}

/** New content goes out by itself, and nothing is known against it yet. */
export function forgetRepairs(entry: OutboxEntry): void {
  entry.repairs = 0;
  entry.repairTimer?.cancel();
  entry.repairTimer = null;
}

/** Whether the same request may be granted later. */
export function isPassing(answer: OspfApiReply): boolean {
  return answer.code === 'not-ready' || answer.code === 'queue-full' || answer.code === 'timed-out';
}
