/**
 * Proofs that an announcement is of the node in whose name it comes, and of its present life (docs/trust.md): keys, signatures,
 * what is remembered of each node, and who was refused.
 *
 * It knows bodies as bytes, router IDs, epochs and counters. It must not know how announcements travel, nor what they mean:
 * src/flooding asks it before it reads one, and after it has written one.
 */
export {
  type KeyFiles,
  keyFiles,
  readKeyList,
  readNodeKey,
  readTrustKeys,
} from './key-files.js';
export { conflict, formatKeyList, type ListedKey } from './key-list.js';
export type { Mark } from './lives.js';
export {
  addKey,
  beginRotation,
  type FolderStatus,
  finishRotation,
  folderStatus,
  initTrust,
  removeKey,
} from './manage.js';
export { MarksFile } from './marks-file.js';
export { makeKey, type NodeKey, nodeKey, type PublicKey } from './node-key.js';
export { trustProblems } from './problems.js';
export type { Place } from './proofs.js';
export { type NodeStanding, REFUSAL_WORDS, type Refusal, type Standing } from './standing.js';
export { believeEverybody, Trust, type TrustKeys, type TrustMode, type TrustStatus } from './trust.js';
