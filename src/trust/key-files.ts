import { join } from 'node:path';
import { ConfigurationError, DIRECTLY, type Sources, trustProblem } from '../config/index.js';
import { openToOthers } from '../files/index.js';
import { type ListedKey, parseKeyList } from './key-list.js';
import { type NodeKey, nodeKey } from './node-key.js';
import type { TrustKeys } from './trust.js';

/** A list of 4,096 nodes with two keys each is shorter. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The files of `trustDir`. */
export interface KeyFiles {
  /** The node's private key. */
  readonly key: string;
  /** The one that follows it, while it is being changed. */
  readonly nextKey: string;
  /** The public keys of all nodes. */
  readonly list: string;
}

type KeySources = Pick<Sources, 'bytes' | 'mode' | 'look'>;

export function keyFiles(folder: string): KeyFiles {
  return { key: join(folder, 'node.key'), nextKey: join(folder, 'node.key.next'), list: join(folder, 'nodes.pub') };
}

/** Reads the node's key and the list. Throws a ConfigurationError. */
export function readTrustKeys(folder: string, sources: KeySources = DIRECTLY): TrustKeys {
  const files = keyFiles(folder);
  return { own: readNodeKey(files.key, sources), listed: readKeyList(files.list, sources) };
}

/** Throws a ConfigurationError, also if others than its owner may read it. */
export function readNodeKey(file: string, sources: KeySources = DIRECTLY): NodeKey {
  const key = nodeKey(textOf(file, sources));
  if (key === undefined) {
    throw new ConfigurationError(file, ['expected a private key of Ed25519 (PEM); srrctl trust init makes one']);
  }
  const open = openToOthers(file, sources.mode(file), 'others can speak for this node');
  if (open !== null) throw new ConfigurationError(file, [open]);
  return key;
}

/** Throws a ConfigurationError. */
export function readKeyList(file: string, sources: KeySources = DIRECTLY): readonly ListedKey[] {
  const read = parseKeyList(textOf(file, sources));
  if (!read.ok) throw new ConfigurationError(file, read.problems);
  return read.keys;
}

/** Of a file that nobody can change who may not change srrd. */
function textOf(file: string, sources: KeySources): string {
  const problem = trustProblem(file, undefined, undefined, sources.look);
  if (problem !== null) throw new ConfigurationError(file, [problem]);
  try {
    return sources.bytes(file, MAX_FILE_BYTES).toString('utf8');
  } catch (error) {
    throw new ConfigurationError(file, [error instanceof Error ? error.message : String(error)]);
  }
}
