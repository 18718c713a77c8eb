/**
 * Certificates: the cluster's own certificate authority in a folder (`srrctl pki`), and what a node must know of
 * certificates: who issued them, which are revoked, which end soon.
 *
 * It takes folders, files and the time, and returns plain values. It must not know the web server that asks for
 * certificates, nor how revocation lists travel between nodes. What makes certificates is in making.ts, because it loads
 * node-forge, which the daemon never does.
 */

export { type Authority, authorityOf, readAuthorities } from './authority.js';
export { PkiError } from './errors.js';
export { type Ending, endingOf, endingWords } from './expiry.js';
export { commonNames, isOfNode, type NodeNames } from './holder.js';
export { type Credentials, mutualTls } from './mutual-tls.js';
export { certificatesIn } from './pem.js';
export {
  MAX_REVOCATION_LIST_BYTES,
  type RevocationList,
  RevocationListError,
  readRevocationList,
  revocationListPem,
} from './revocation-list.js';
