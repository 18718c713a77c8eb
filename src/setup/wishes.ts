import { readFileSync, statSync } from 'node:fs';
import { openToOthers } from '../files/index.js';

/** What only the administrator can say. */
export interface Wishes {
  /** Interfaces that are to speak OSPF, beside those that do. */
  readonly interfaces: readonly string[];
  /** For interfaces that do not speak OSPF yet; null: that of the others, else the backbone. */
  readonly area: string | null;
  /** null: the one that ospfd has, else the address of the first interface. */
  readonly routerId: string | null;
  /** RFC 2328 Router Priority of all interfaces; null: as it is. */
  readonly priority: number | null;
  /** For OSPF's authentication; null: as it is. */
  readonly key: string | null;
  /** The node's name; null: as it is. */
  readonly name: string | null;
  /** The folder of the cluster's certificates. */
  readonly pki: string;
  /** Makes the cluster's authority there, if there is none. */
  readonly authority: boolean;
  /** Signs what this node announces. */
  readonly sign: boolean;
}

export const NO_WISHES: Wishes = {
  ...{ interfaces: [], area: null, routerId: null, priority: null, key: null, name: null },
  ...{ pki: '/etc/srrd/pki', authority: false, sign: false },
};

/** FRR cuts a longer one (RFC 2328, D.3: 16 bytes), and a command line takes no other characters for certain. */
const KEY = /^[A-Za-z0-9._:/-]{1,16}$/;

/** Throws an Error that does not repeat the key. */
export function checkedKey(key: string, from: string): string {
  if (KEY.test(key)) return key;
  throw new Error(`${from}: expected a key of 1 to 16 characters, each of A-Z a-z 0-9 . _ : / -, got something else`);
}

/** The first line of a file that nobody else can read. Throws an Error, in words. */
export function keyIn(file: string): string {
  const { mode, uid } = statSync(file);
  const open = openToOthers(file, mode, 'others know the key of OSPF');
  if (open !== null) throw new Error(`${file}: ${open}`);
  if (uid !== process.geteuid?.() && uid !== 0) throw new Error(`${file}: expected a file of root or of yours`);
  return checkedKey((readFileSync(file, 'utf8').split('\n')[0] ?? '').trim(), file);
}
