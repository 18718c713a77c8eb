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
  /** No answer within the time limit. It may have been carried out all the same. */
  | 'timed-out'
  /** There is no session, or it ended before the answer. */
  | 'disconnected'
  /** The request was not sent, because it could do harm or could not be written. */
  | 'invalid';

export type OspfApiReply =
  | { readonly ok: true; readonly code: 'ok'; readonly text: string }
  | { readonly ok: false; readonly code: Exclude<OspfApiReplyCode, 'ok'>; readonly text: string };
