import { createHash } from 'node:crypto';
import { addProof, readProof } from '../lsa/index.js';
import type { RouterId } from '../model/index.js';
import type { NodeKey, PublicKey } from './node-key.js';

/** Where an announcement stands: under the proof, though not in the body. */
export interface Place {
  readonly origin: RouterId;
  readonly lsaType: number;
  /** The S.S of the link state ID `222.G.S.S`. The generation G is not under the proof: it changes with each flood. */
  readonly series: number;
}

export type ProofVerdict =
  | { readonly proven: true; readonly unixSeconds: number }
  | { readonly proven: false; readonly why: 'unsigned' | 'unknown-key' | 'wrong-proof' };

/** Nothing else that a node's key might sign begins like this. */
const PURPOSE = Buffer.from('SRRD announcement 1\0');

/** Own announcements that come back need no second look; more than wait for their echo at once. */
const MOST_MADE = 4096;

/** Makes proofs, and verifies those of others. */
export class Proofs {
  readonly #cluster: Buffer;
  /** What this node has signed, by hash. */
  readonly #made = new Set<string>();

  constructor(cluster: string) {
    const name = Buffer.from(cluster);
    this.#cluster = Buffer.concat([Buffer.of(name.length), name]);
  }

  /** The body with a proof. */
  make(body: Uint8Array, place: Place, key: NodeKey, unixSeconds: number): Uint8Array {
    const proven = addProof(body, { keyId: key.publicKey.id, unixSeconds }, (bytes) =>
      key.sign(this.#statement(place, bytes)),
    );
    if (this.#made.size >= MOST_MADE) this.#made.clear();
    this.#made.add(hash(place, proven));
    return proven;
  }

  /** Reads the end of the body alone. */
  verify(body: Uint8Array, place: Place, keys: readonly PublicKey[]): ProofVerdict {
    const proof = readProof(body);
    if (proof === undefined) return { proven: false, why: 'unsigned' };
    const { keyId, unixSeconds, proven, signature } = proof;
    const key = keys.find(({ id }) => id === keyId);
    if (key === undefined) return { proven: false, why: 'unknown-key' };
    const isGood = this.#made.has(hash(place, body)) || key.verify(this.#statement(place, proven), signature);
    return isGood ? { proven: true, unixSeconds } : { proven: false, why: 'wrong-proof' };
  }

  #statement({ origin, lsaType, series }: Place, proven: Uint8Array): Uint8Array {
    const place = Buffer.alloc(7);
    place.writeUInt32BE(origin);
    place.writeUInt8(lsaType, 4);
    place.writeUInt16BE(series, 5);
    return Buffer.concat([PURPOSE, this.#cluster, place, proven]);
  }
}

function hash({ origin, lsaType, series }: Place, body: Uint8Array): string {
  return createHash('sha256').update(`${origin} ${lsaType} ${series} `).update(body).digest('base64');
}
