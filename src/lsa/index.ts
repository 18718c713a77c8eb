/**
 * Announcements as the bodies of opaque LSAs, and back: docs/wire-format.md is the reference.
 *
 * It knows bytes and the words of src/cluster. It must not know sockets, LSA headers, generations or what an
 * announcement means: who may say what is decided by src/flooding and src/cluster.
 */
export { wordFor } from './codes.js';
export type { Conversation, Nonce } from './conversation.js';
export { type DecodedBody, decodeBody } from './decode.js';
export { type EncodeOptions, encodeBody } from './encode.js';
export { MAX_BODY_BYTES } from './limits.js';
export { addProof, type ProofParts, readProof } from './proof.js';
export type { Part, TlvRow } from './tlv-row.js';
export { TLVS } from './tlv-table.js';
