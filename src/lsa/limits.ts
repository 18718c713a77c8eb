/** A longer body is malformed. A little under what fits into an Ethernet frame with IP, OSPF and LSA headers. */
export const MAX_BODY_BYTES = 1400;
