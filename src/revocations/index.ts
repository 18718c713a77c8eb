/**
 * How revocation lists reach all nodes (docs/pki.md): what is read from files and kept, which node is asked for what it
 * has newer, and when.
 *
 * It is told by the daemon what the others have, and hands the daemon lists whose signature is good. It must not know how
 * nodes tell each other what they have, nor what becomes of the holder of a revoked certificate.
 */
export { type ListAt, RevocationExchange } from './exchange.js';
