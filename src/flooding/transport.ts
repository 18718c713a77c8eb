import type { Subject, TransportEvent } from '../cluster/index.js';
import type { Announcement } from '../model/index.js';

/** Where a transport should flood a service's announcements; ignored for daemon and command announcements. */
export interface FloodingScope {
  /** The interface for scope `link`; null otherwise. */
  readonly link: string | null;
}

/**
 * How announcements travel between nodes. OSPF today; others later (thesis chapter 9).
 *
 * A transport keeps for every subject the newest announcement it was given and sees to it that the others get that one,
 * after a reconnection too. It may skip older ones. It hands back our own announcements as they come back from the
 * network (the echo).
 */
export interface Transport {
  /** Begins to connect, and goes on connecting until stopped. Events come in order, never from within a call. */
  start(listener: (event: TransportEvent) => void): void;
  announce(announcement: Announcement, urgency: 'change' | 'refresh', scope: FloodingScope): void;
  withdraw(subject: Subject): void;
  /** The LSA ID (dotted quad) that carries the newest announcement of this subject; undefined if none does. */
  lsaId(subject: Subject): string | undefined;
  /** Deletes every announcement of ours that is still out, waits until ospfd has taken that, and closes. */
  stop(): Promise<void>;
}
