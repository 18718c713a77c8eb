import type { Ipv4 } from '../ipv4.js';
import type { OpaqueLsaType } from '../lsa-header.js';

/** A metric for one type of service (RFC 2328 appendix B of RFC 1583; kept for old routers). */
export interface TosMetric {
  readonly tos: number;
  readonly metric: number;
}

export type RouterLinkType = 'point-to-point' | 'transit' | 'stub' | 'virtual' | 'unknown';

/** RFC 2328 appendix A.4.2. What `id` and `data` mean depends on the type; a stub link is network and mask. */
export interface RouterLink {
  readonly type: RouterLinkType;
  /** The number behind `type`, which says more when that is `unknown`. */
  readonly typeNumber: number;
  readonly id: Ipv4;
  readonly data: Ipv4;
  readonly metric: number;
  readonly tosMetrics: readonly TosMetric[];
}

/** One destination of an AS-external or NSSA LSA (RFC 2328 appendix A.4.5). */
export interface ExternalRoute {
  readonly tos: number;
  /** A type 2 metric is larger than any link state path. */
  readonly metricType: 1 | 2;
  readonly metric: number;
  /** 0.0.0.0: the advertising router itself. */
  readonly forwardingAddress: Ipv4;
  readonly tag: number;
}

/** The body of an LSA, understood. */
export type Lsa =
  | {
      readonly kind: 'router';
      readonly flags: number;
      readonly virtualLinkEndpoint: boolean;
      readonly asBoundaryRouter: boolean;
      readonly areaBorderRouter: boolean;
      readonly links: readonly RouterLink[];
    }
  | { readonly kind: 'network'; readonly mask: Ipv4; readonly attachedRouters: readonly Ipv4[] }
  | {
      /** Type 3. The network is the link state ID under the mask. */
      readonly kind: 'summary';
      readonly mask: Ipv4;
      readonly metric: number;
      readonly tosMetrics: readonly TosMetric[];
    }
  | {
      /** Type 4. The AS boundary router is the link state ID. */
      readonly kind: 'asbr-summary';
      readonly mask: Ipv4;
      readonly metric: number;
      readonly tosMetrics: readonly TosMetric[];
    }
  | {
      /** Type 5, and type 7 (RFC 3101 section 2.4). The first route is the one for TOS 0. */
      readonly kind: 'external' | 'nssa';
      readonly mask: Ipv4;
      readonly routes: readonly ExternalRoute[];
    }
  | {
      /** Types 9 to 11 (RFC 5250 section 3): the link state ID is opaque type and opaque ID. */
      readonly kind: 'opaque';
      readonly lsaType: OpaqueLsaType;
      readonly opaqueType: number;
      /** 24 bits. */
      readonly opaqueId: number;
      readonly data: Uint8Array;
    }
  /** A type without a decoder here: 6 (MOSPF), 8 (external attributes), and all that are not defined. */
  | { readonly kind: 'raw'; readonly type: number; readonly body: Uint8Array };

/** Index is the number on the wire. */
export const ROUTER_LINK_TYPES = [
  'unknown',
  'point-to-point',
  'transit',
  'stub',
  'virtual',
] as const satisfies readonly RouterLinkType[];
