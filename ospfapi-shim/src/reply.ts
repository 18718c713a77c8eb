/** What became of a request. Codes 0 to -10 are ospfd's, the others are ours. */
export type OspfApiReplyCode =
  | 'ok'
  | 'no-such-interface'
  | 'no-such-area'
  | 'no-such-lsa'
  | 'illegal-lsa-type'
  | 'opaque-type-in-use'
  | 'opaque-type-not-registered'
  /** No neighbour is Full yet; try again after a `neighbour` event says so. */
  | 'not-ready'
  | 'no-memory'
  | 'error'
  | 'undefined'
  /** A code that we have no name for. */
  | 'unknown'
  /** No answer within the time limit; the session ends. It may have been carried out all the same. */
  | 'timed-out'
  /** There is no session, or it ended before the answer. */
  | 'disconnected'
  /** Too many requests are waiting already. */
  | 'queue-full'
  /** The request was not sent, because it could do harm or could not be written. */
  | 'invalid';

export type OspfApiReply =
  | { readonly ok: true; readonly code: 'ok'; readonly text: string }
  | { readonly ok: false; readonly code: Exclude<OspfApiReplyCode, 'ok'>; readonly text: string };

/** ospfd's answers (FRR's ospfd/ospf_api.h). */
export const REPLY_CODES: ReadonlyMap<number, { readonly code: OspfApiReplyCode; readonly text: string }> = new Map([
  [0, { code: 'ok', text: 'done' }],
  [-1, { code: 'no-such-interface', text: 'no OSPF interface has this address' }],
  [-2, { code: 'no-such-area', text: 'this router is not in this area' }],
  [-3, { code: 'no-such-lsa', text: 'the LSDB holds no such LSA of ours' }],
  [-4, { code: 'illegal-lsa-type', text: 'only LSA types 9, 10 and 11 are allowed' }],
  [-5, { code: 'opaque-type-in-use', text: 'another client has registered this opaque type' }],
  [-6, { code: 'opaque-type-not-registered', text: 'this client has not registered this opaque type' }],
  [-7, { code: 'not-ready', text: 'no neighbour is ready for opaque LSAs yet' }],
  [-8, { code: 'no-memory', text: 'ospfd has no memory left' }],
  [-9, { code: 'error', text: 'ospfd failed without saying why' }],
  [-10, { code: 'undefined', text: 'ospfd gave no reason' }],
]);
