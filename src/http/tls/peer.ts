import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** No chain of ours is nearly as long. */
const MAX_CHAIN = 8;

/** The certificate of the other end, then those that signed it, each one's signature checked. Empty: it showed none. */
export function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < MAX_CHAIN) {
    const below = chain.at(-1);
    // Node follows the issuers by name alone.
    if (below !== undefined && (below.fingerprint256 === next.fingerprint256 || !below.verify(next.publicKey))) break;
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}
