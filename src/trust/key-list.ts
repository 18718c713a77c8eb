import { formatRouterId, parseRouterId, type RouterId } from '../model/index.js';
import { type PublicKey, publicKey } from './node-key.js';

/** While a node changes its key, the old and the new one count. */
export const MOST_KEYS_OF_A_NODE = 4;

/** One line of the list: this key speaks for this node. */
export interface ListedKey {
  readonly routerId: RouterId;
  readonly key: PublicKey;
  /** For people: a node's name, a date. */
  readonly note: string;
}

export type KeyListReading =
  | { readonly ok: true; readonly keys: readonly ListedKey[] }
  /** A sentence for each line that is wrong. */
  | { readonly ok: false; readonly problems: readonly string[] };

const HEADING = `# The public keys of the cluster's nodes, one a line: router ID, ed25519, key, note. It holds no secret, and is the
# same on all nodes: change it on one (srrctl trust), copy it to the others, and give srrd there a SIGHUP.
`;

/** Reads a list of public keys. Empty lines and lines that begin with # are skipped. */
export function parseKeyList(text: string): KeyListReading {
  const keys: ListedKey[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const read = parseLine(line);
    const problem = typeof read === 'string' ? read : conflict(keys, read);
    if (problem !== null) problems.push(`line ${index + 1}: ${problem}`);
    else if (typeof read !== 'string') keys.push(read);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, keys };
}

export function formatKeyList(keys: readonly ListedKey[]): string {
  return `${HEADING}${keys.map((listed) => `${formatListedKey(listed)}\n`).join('')}`;
}

/** One line of it. */
export function formatListedKey({ routerId, key, note }: ListedKey): string {
  return `${formatRouterId(routerId)} ed25519 ${key.text} ${note.replaceAll(/\s+/g, ' ')}`.trim();
}

/** A sentence: this key cannot be added to these; null: it can. */
export function conflict(keys: readonly ListedKey[], { routerId, key }: ListedKey): string | null {
  const same = keys.find((other) => other.key.id === key.id);
  if (same !== undefined) {
    // A copied private key is what makes one node speak for another.
    return `the key ${key.id} is listed already, for ${formatRouterId(same.routerId)}: expected another key for each line`;
  }
  const count = keys.filter((other) => other.routerId === routerId).length;
  if (count < MOST_KEYS_OF_A_NODE) return null;
  return `${formatRouterId(routerId)} has ${count} keys already, at most ${MOST_KEYS_OF_A_NODE} are expected: remove an old one`;
}

function parseLine(line: string): ListedKey | string {
  const [quad = '', kind, text = '', ...note] = line.trim().split(/\s+/);
  const routerId = parseRouterId(quad);
  if (routerId === undefined) return `expected a router ID (a dotted quad) first, got '${quad.slice(0, 40)}'`;
  if (kind !== 'ed25519') return `expected ed25519 after the router ID, got '${(kind ?? '').slice(0, 40)}'`;
  const key = publicKey(text);
  if (key === undefined) return 'expected a public key of 32 bytes in base64 (44 characters) after ed25519';
  return { routerId, key, note: note.join(' ') };
}
