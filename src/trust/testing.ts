import { encodeBody } from '../lsa/index.js';
import { type Announcement, routerId } from '../model/index.js';
import type { ListedKey } from './key-list.js';
import { makeKey, type NodeKey, nodeKey } from './node-key.js';
import { Trust, type TrustMode, type TrustOptions } from './trust.js';

/** For tests: nodes with a key each, all of them listed. */
export class Keys {
  readonly listed: ListedKey[] = [];
  readonly #own = new Map<number, NodeKey>();

  constructor(...nodes: readonly number[]) {
    for (const node of nodes) this.add(node);
  }

  /** A new key for this node; the last one is what it signs with. */
  add(node: number): NodeKey {
    const own = newKey();
    this.#own.set(node, own);
    this.listed.push({ routerId: routerId(node), key: own.publicKey, note: '' });
    return own;
  }

  of(node: number) {
    const own = this.#own.get(node);
    if (own === undefined) throw new Error(`${node} has no key`);
    return { own, listed: this.listed };
  }

  trust(node: number, mode: TrustMode = 'require', options: Partial<TrustOptions> = {}): Trust {
    return new Trust({
      cluster: 'default',
      mode,
      keys: this.of(node),
      marks: [],
      changed: () => {},
      unixSeconds: () => 1000,
      ...options,
    });
  }
}

export function newKey(): NodeKey {
  const key = nodeKey(makeKey());
  if (key === undefined) throw new Error('a key that was just made cannot be read');
  return key;
}

/** A body that leaves room for a proof. */
export function provable(announcement: Announcement): Uint8Array {
  return encodeBody(announcement, 'default', { forProof: true, conversation: { asks: [], answers: [] } });
}
