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
    if (below !== undefined && (below.fingerprint256 === next.fingerprint256 || !isSignedBy(below, next))) break;
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** Whoever shows a chain may put anything above its own certificate, also one whose key cannot be read: that throws. */
function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
