import { existsSync, renameSync, statSync } from 'node:fs';
import { ConfigurationError } from '../config/index.js';
import { syncFolder, writeAtomically } from '../files/index.js';
import { formatRouterId, parseRouterId } from '../model/index.js';
import { keyFiles, readKeyList, readNodeKey } from './key-files.js';
import { conflict, formatKeyList, formatListedKey, type ListedKey, parseKeyList } from './key-list.js';
import { makeKey, type NodeKey, nodeKey } from './node-key.js';

/** What the files of a folder say. */
export interface FolderStatus {
  readonly keyId: string | null;
  readonly nextKeyId: string | null;
  readonly listed: readonly { readonly routerId: string; readonly keyId: string; readonly note: string }[];
  /** A sentence each. */
  readonly problems: readonly string[];
}

/** Makes the key of this node, which has none, and puts it on the list. Throws. */
export function initTrust(folder: string, routerIdText: string, note: string): { file: string; line: string } {
  const files = keyFiles(folder);
  const routerId = parseRouterId(routerIdText);
  if (routerId === undefined) throw new Error(`expected a router ID such as 10.0.0.1, got '${routerIdText}'`);
  if (existsSync(files.key)) throw new Error(`${files.key} is there already; srrctl trust rotate changes it`);
  const { pem, key } = newKey();
  const listed = { routerId, key: key.publicKey, note };
  const list = withKey(folder, listed);
  writeAtomically(files.key, pem);
  writeList(files.list, list);
  return { file: files.key, line: formatListedKey(listed) };
}

/** Puts a line on the list. Returns what was done. Throws. */
export function addKey(folder: string, line: string): string {
  const read = parseKeyList(line);
  if (!read.ok) throw new Error(read.problems.map((problem) => problem.replace(/^line 1: /, '')).join('; '));
  const [listed] = read.keys;
  if (listed === undefined) throw new Error('expected router ID, ed25519, key, note, as srrctl trust init shows them');
  writeList(keyFiles(folder).list, withKey(folder, listed));
  return `${listed.key.id} speaks for ${formatRouterId(listed.routerId)}.`;
}

/** Takes a key off the list. Returns what was done. Throws. */
export function removeKey(folder: string, keyId: string): string {
  const { list, key } = keyFiles(folder);
  const keys = readKeyList(list);
  const gone = keys.find((listed) => listed.key.id === keyId);
  if (gone === undefined) throw new Error(`${list} has no key ${keyId}; srrctl trust status shows them`);
  if (existsSync(key) && readNodeKey(key).publicKey.id === keyId)
    throw new Error(`${keyId} is the key that this node signs with; srrctl trust rotate changes it`);
  writeList(
    list,
    keys.filter((listed) => listed !== gone),
  );
  return `${keyId} does not speak for ${formatRouterId(gone.routerId)} any more.`;
}

/** Makes the next key of this node, and puts it on the list beside the present one. Throws. */
export function beginRotation(folder: string): { line: string } {
  const files = keyFiles(folder);
  if (existsSync(files.nextKey))
    throw new Error(`${files.nextKey} is there already; srrctl trust rotate --finish puts it into use`);
  const present = readNodeKey(files.key).publicKey.id;
  const listed = readKeyList(files.list).find(({ key }) => key.id === present);
  if (listed === undefined)
    throw new Error(`${files.list} has no key ${present}, which is that of this node; add it first`);
  const { pem, key } = newKey();
  const next = { ...listed, key: key.publicKey };
  const list = withKey(folder, next);
  writeAtomically(files.nextKey, pem);
  writeList(files.list, list);
  return { line: formatListedKey(next) };
}

/** The next key is the present one from now on. Throws. */
export function finishRotation(folder: string): { keyId: string; before: string } {
  const files = keyFiles(folder);
  if (!existsSync(files.nextKey)) throw new Error(`${files.nextKey} is not there: begin with srrctl trust rotate`);
  const before = readNodeKey(files.key).publicKey.id;
  const keyId = readNodeKey(files.nextKey).publicKey.id;
  if (!readKeyList(files.list).some(({ key }) => key.id === keyId))
    throw new Error(`${files.list} has no key ${keyId}, which is the next one of this node`);
  renameSync(files.nextKey, files.key);
  syncFolder(folder);
  return { keyId, before };
}

/** Never throws. */
export function folderStatus(folder: string): FolderStatus {
  const files = keyFiles(folder);
  const problems: string[] = [];
  const read = <T>(file: string, how: (file: string) => T): T | null => {
    if (!existsSync(file)) return null;
    try {
      return how(file);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  return {
    keyId: read(files.key, readNodeKey)?.publicKey.id ?? null,
    nextKeyId: read(files.nextKey, readNodeKey)?.publicKey.id ?? null,
    listed: (read(files.list, readKeyList) ?? []).map(({ routerId, key, note }) => ({
      routerId: formatRouterId(routerId),
      keyId: key.id,
      note,
    })),
    problems,
  };
}

function newKey(): { pem: string; key: NodeKey } {
  const pem = makeKey();
  const key = nodeKey(pem);
  if (key === undefined) throw new Error('OpenSSL makes no key of Ed25519 here');
  return { pem, key };
}

function withKey(folder: string, listed: ListedKey): ListedKey[] {
  const file = keyFiles(folder).list;
  const keys = existsSync(file) ? readKeyList(file) : [];
  const problem = conflict(keys, listed);
  if (problem !== null) throw new ConfigurationError(file, [problem]);
  return [...keys, listed];
}

function writeList(file: string, keys: readonly ListedKey[]): void {
  writeAtomically(file, formatKeyList(keys), { keepOwner: existsSync(file) && statSync(file).isFile() });
}
