import { createHash, timingSafeEqual } from 'node:crypto';
import type { NodeKey } from '../../../src/trust/node-key.js';

/**
 * A node's key whose signature is a hash with a secret: whoever does not have it cannot sign, as with Ed25519, which would take
 * most of a run's time. The same name gives the same key.
 */
export function simulatedKey(name: string): NodeKey {
  const secret = Buffer.from(`${name} keeps this to itself`);
  const sign = (bytes: Uint8Array) => createHash('sha512').update(secret).update(bytes).digest();
  const id = createHash('sha256').update(secret).digest('hex').slice(0, 16);
  const verify = (bytes: Uint8Array, signature: Uint8Array) => timingSafeEqual(sign(bytes), signature);
  return { publicKey: { id, text: '', verify }, sign };
}
