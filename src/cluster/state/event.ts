import type {
  Announcement,
  Ipv4Address,
  PersistedNode,
  PersistedService,
  Primitive,
  RevocationNumber,
  RouterId,
  Sequence,
  ServiceDefinition,
} from '../../model/index.js';
import type { Order, Role } from '../../tables/index.js';
import type { LiveSettings } from './settings.js';
import type { Timer } from './timer.js';

/** Names one announcement of a node independently of the LSA that carries it. */
export type Subject =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'daemon' }
  | { readonly kind: 'command'; readonly nonce: number };

/** What a transport tells (src/flooding/transport.ts). */
export type TransportEvent =
  /** A session has begun and our router ID is known. What was known of the others no longer counts; it follows anew. */
  | { readonly type: 'connected'; readonly routerId: RouterId }
  /** All that the LSDB held has been delivered. */
  | { readonly type: 'synced' }
  /** The session ended (ospfd died or closed it): nothing can be announced and nothing is heard. */
  | { readonly type: 'disconnected'; readonly reason: string }
  /** Our own announcements come too: they are the echo. `ageSeconds` is the LSA's age on arrival. */
  | {
      readonly type: 'announcement';
      readonly origin: RouterId;
      readonly lsaId: string;
      readonly ageSeconds: number;
      readonly announcement: Announcement;
      /** Of a command: why what it asks for could not be remembered here. Absent: it could, or need not be. */
      readonly noRoom?: string;
    }
  /** The LSA that carried this announcement was deleted and not replaced. */
  | {
      readonly type: 'withdrawal';
      readonly origin: RouterId;
      readonly lsaId: string;
      readonly subject: Subject;
      readonly sequence: Sequence;
    }
  /** Routers that SPF now reaches or no longer reaches. Never lists this node. */
  | { readonly type: 'reachability'; readonly added: readonly RouterId[]; readonly removed: readonly RouterId[] }
  /** The host addresses (/32) that a router's Router LSA (stub links) and AS-external LSAs announce; ours too. */
  | { readonly type: 'routes'; readonly origin: RouterId; readonly addresses: readonly Ipv4Address[] }
  /** How many neighbours are in state Full (RFC 2328 section 10.1); sent on every change and once after `connected`. */
  | { readonly type: 'neighbours'; readonly full: number }
  /**
   * Two routers use this router ID, as far as their Router LSAs tell; ours too. Told again every 30 s while it goes on.
   * `interfaces`: of the one and of the other.
   */
  | {
      readonly type: 'duplicate-router-id';
      readonly router: RouterId;
      readonly interfaces: readonly Ipv4Address[];
      readonly isNew: boolean;
    }
  /** ospfd refused one of our announcements for good. (Not ready is no refusal: the transport tries again.) */
  | { readonly type: 'refused'; readonly subject: Subject; readonly reason: string };

/** How one call of a primitive ended. */
export type PrimitiveOutcome =
  | { readonly result: 'succeeded'; readonly output: string }
  /** Exit status 75: call again after the recall delay. */
  | { readonly result: 'recall'; readonly output: string }
  | { readonly result: 'failed'; readonly reason: string; readonly output: string }
  | { readonly result: 'timed-out'; readonly reason: string; readonly output: string }
  /** Killed because the core asked for it. */
  | { readonly result: 'killed' };

/** What aliases report (src/routing). */
export type RoutingEvent =
  | { readonly type: 'alias-up'; readonly service: string }
  | { readonly type: 'alias-down'; readonly service: string }
  | { readonly type: 'alias-failed'; readonly service: string; readonly reason: string }
  /** An alias that was up has gone and could not be restored. */
  | { readonly type: 'alias-lost'; readonly service: string; readonly reason: string };

/** An operator's request, received by this node. Answered by exactly one `reply` effect with the same request. */
export interface CommandEvent {
  readonly type: 'command';
  /** Empty: nobody waits for the answer. */
  readonly request: string;
  readonly operator: string;
  /** What they may do; null: the node that they asked runs a version that does not tell. */
  readonly role: Role | null;
  readonly order: Order;
  /** null: this node. */
  readonly target: RouterId | null;
  readonly pin: boolean;
  /** `confirm-stopped`: the node on which the resource does not run any more. */
  readonly holder?: RouterId;
}

export type LocalEvent =
  /** The first event: what is configured, and what an earlier life left. `unixSeconds` feeds the epoch. */
  | {
      readonly type: 'begin';
      readonly definitions: readonly ServiceDefinition[];
      readonly persistedNode: PersistedNode;
      readonly persistedServices: ReadonlyMap<string, PersistedService>;
      readonly unixSeconds: number;
    }
  /** The definitions were read again (SIGHUP, an edit): the full list. */
  | {
      readonly type: 'configure';
      readonly definitions: readonly ServiceDefinition[];
      /** Who changed them; absent: somebody who may write the files. */
      readonly operator?: string;
    }
  /** The daemon's configuration was read again. */
  | { readonly type: 'settings'; readonly settings: LiveSettings }
  | {
      readonly type: 'primitive-ended';
      readonly service: string;
      readonly primitive: Primitive;
      /** The number that the `run` effect carried. */
      readonly run: number;
      readonly outcome: PrimitiveOutcome;
      /** When it ended, Unix seconds: the check stamp. */
      readonly unixSeconds: number;
    }
  /** The watch of that run number ended, and no `unwatch` had ended it. `reason`: the last line that it printed. */
  | { readonly type: 'watch-ended'; readonly service: string; readonly run: number; readonly reason: string }
  | { readonly type: 'timer'; readonly timer: Timer }
  /** The leases were renewed later than they last: this daemon was frozen, and others may have taken over. */
  | { readonly type: 'lease-overrun'; readonly lateMs: number }
  /** The revocation lists that this node has now; the others are told (docs/pki.md). */
  | { readonly type: 'revocations'; readonly lists: readonly RevocationNumber[] }
  /** Stop and withdraw everything, then say `finished`. */
  | { readonly type: 'shutdown' };

export type Event = TransportEvent | RoutingEvent | CommandEvent | LocalEvent;
