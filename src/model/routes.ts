/** How a node announces addresses: as stub links of its Router LSA, or each in an AS-external LSA of its own. */
export type RouteWay = 'stub' | 'external';

/**
 * With `announce: auto`: more addresses than this go out as AS-external LSAs, and again as stub links when they are few. For a stub
 * link ospfd makes and floods the whole Router LSA anew, so that N addresses cost N²; one alone is faster that way.
 */
export const MANY_ADDRESSES = 32;
export const FEW_ADDRESSES = 16;

/**
 * The external route tag (RFC 2328 appendix A.4.5) of the AS-external LSAs by which a node announces addresses of services:
 * `SRRD`. Others say only that an address is up, be it announced or withheld.
 */
export const EXTERNAL_ROUTE_TAG = 0x5352_5244;
