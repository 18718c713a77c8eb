/**
 * What programs read of an answer that is an error, with its HTTP status; people read the sentence beside it. A code keeps its
 * meaning for good: docs/api.md lists them.
 */
export const ERROR_CODES = {
  'not-understood': { status: 400, means: 'path, query or body are not as the description says' },
  'wrong-definition': { status: 400, means: 'the definition would not be taken' },
  'not-allowed': { status: 403, means: 'you are not trusted, or have no role that may do this' },
  'foreign-page': { status: 403, means: "asked by a page of another site, or under another name than this machine's" },
  'unknown-route': { status: 404, means: 'there is no such method and path' },
  'unknown-service': { status: 404, means: 'this node knows no service of that name' },
  'unknown-definition': { status: 404, means: 'this node has no definition of that name' },
  'unknown-lsa': { status: 404, means: 'this node has no such LSA; it may have been withdrawn' },
  'unknown-authority': { status: 404, means: 'this node has no list of revocations of that authority' },
  'too-slow': { status: 408, means: 'the request did not arrive in time' },
  refused: { status: 409, means: 'understood, but not possible in the present state; the sentence says why' },
  'unknown-node': { status: 409, means: 'no node, or more than one, has the name that was given' },
  'needs-confirmation': { status: 409, means: 'it may change the routing of the node: send it again with `confirm`' },
  ending: { status: 409, means: 'srrd is ending already' },
  'too-large': { status: 413, means: 'the body is longer than this route takes' },
  'wrong-content-type': { status: 415, means: 'the body is of a type that this route does not take' },
  failed: { status: 500, means: 'nobody has foreseen it; the log of srrd says more' },
  busy: { status: 503, means: 'too much at once: try again later' },
  unavailable: { status: 503, means: 'what is needed for it does not answer, or srrd is ending' },
  'no-answer': { status: 504, means: 'no answer in time; the command may still be carried out' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly means: string }>>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** That of an error which carries a status alone, such as those of fastify. */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 400:
      return 'not-understood';
    case 404:
      return 'unknown-route';
    case 413:
      return 'too-large';
    case 415:
      return 'wrong-content-type';
    case 503:
      return 'busy';
    default:
      return 'failed';
  }
}
