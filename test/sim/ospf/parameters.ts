/** How this run's OSPF is configured and how its network behaves. All times in ms. */
export interface OspfParameters {
  /** One flood over one link takes from..to. */
  readonly hopMs: readonly [number, number];
  /** Of floods that are lost and retransmitted. */
  readonly loss: number;
  /** `timers lsa min-arrival`: a newer instance that comes sooner is dropped. */
  readonly minArrivalMs: number;
  /** The least time between two originations of a Router LSA (`timers throttle lsa all`). */
  readonly routerLsaIntervalMs: number;
  /** From a cut to its detection at one end. */
  readonly detectionMs: readonly [number, number];
  /** From a link that is up to the exchange of the LSDBs. */
  readonly helloMs: readonly [number, number];
  readonly spfMs: readonly [number, number];
  /** From a MaxAge instance to its removal from the LSDB. */
  readonly maxAgeMs: number;
  /** ospfd takes originations without a Full neighbour too (later versions of FRR). */
  readonly alwaysReady: boolean;
}

/** RxmtInterval: RFC 2328 section 9. */
export const RETRANSMIT_MS = 5_000;
/** MinLSInterval: an LSA that is originated again within this time waits (FRR 8.4). */
export const MIN_LS_INTERVAL_MS = 5_000;
