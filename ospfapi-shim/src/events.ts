import type { Ipv4 } from './ipv4.js';
import type { LsaInstance } from './lsa-header.js';

/** Neighbour states (RFC 2328 section 10.1); ospfd also knows `deleted`. */
export type NsmState =
  | 'depend-upon'
  | 'deleted'
  | 'down'
  | 'attempt'
  | 'init'
  | 'two-way'
  | 'ex-start'
  | 'exchange'
  | 'loading'
  | 'full';

/** Interface states (RFC 2328 section 9.1). */
export type IsmState =
  | 'depend-upon'
  | 'down'
  | 'loopback'
  | 'waiting'
  | 'point-to-point'
  | 'dr-other'
  | 'backup'
  | 'designated-router';

/** What the client tells its listener. One at a time, in the order in which ospfd said it, never from within a call. */
export type OspfApiEvent =
  /**
   * Both connections stand, everything is registered and the router ID is known. LSDB mirror, reachable routers,
   * neighbours and interfaces begin empty; what ospfd knows follows before `synced`.
   */
  | { readonly type: 'connected'; readonly routerId: Ipv4 }
  /** What ospfd knew when we connected has been delivered: LSDB, reachable routers, interfaces, neighbours. */
  | { readonly type: 'synced' }
  /** The session is over. Follows a `connected`, once; the client goes on trying to connect. */
  | { readonly type: 'disconnected'; readonly reason: string }
  /** An attempt to connect failed; the next follows after `retryInMs`. */
  | { readonly type: 'connect-failed'; readonly reason: string; readonly retryInMs: number }
  /** ospfd will take LSAs of this kind on this interface (type 9: its address) or in this area (10); 11: 0.0.0.0. */
  | {
      readonly type: 'opaque-ready';
      readonly lsaType: number;
      readonly opaqueType: number;
      readonly address: Ipv4;
    }
  /** A new LSA, or a newer instance in the place of `previous`. */
  | { readonly type: 'lsa'; readonly lsa: LsaInstance; readonly previous: LsaInstance | null }
  /** Deleted and not replaced. `lsa` is what the mirror held. */
  | { readonly type: 'lsa-withdrawn'; readonly lsa: LsaInstance }
  /** Routers that SPF now reaches or no longer reaches. Never names one twice; never empty. */
  | { readonly type: 'reachability'; readonly added: readonly Ipv4[]; readonly removed: readonly Ipv4[] }
  /** A neighbour's state; all that exist are told of between `connected` and `synced`. */
  | {
      readonly type: 'neighbour';
      readonly interfaceAddress: Ipv4;
      readonly neighbourAddress: Ipv4;
      readonly routerId: Ipv4;
      readonly state: NsmState;
    }
  /** An interface appeared, or its state changed; `state` is null while ospfd has only named it. */
  | {
      readonly type: 'interface';
      readonly interfaceAddress: Ipv4;
      readonly area: Ipv4;
      readonly state: IsmState | null;
    }
  | { readonly type: 'interface-removed'; readonly interfaceAddress: Ipv4 }
  /** ospfd's router ID changed while connected. Own LSAs of the old one are no longer ours. */
  | { readonly type: 'router-id'; readonly routerId: Ipv4 }
  /**
   * The mirror was compared with ospfd's LSDB. `differences`: LSAs that differed; each was put right, and told of as an `lsa` or
   * `lsa-withdrawn`. `unsure`: LSAs that ospfd did not tell of, but may have: an LSA that is too long for a notification
   * takes those before it with it. The mirror still has them.
   */
  | { readonly type: 'compared'; readonly differences: number; readonly unsure: number }
  /** Something that ospfd sent could not be understood and was skipped. */
  | { readonly type: 'malformed'; readonly what: string; readonly reason: string };
