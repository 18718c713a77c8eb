import type { SecureContextOptions } from 'node:tls';

/** Who we are to the node that is asked, and by whom it must be certified. */
export type Credentials = Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>;

/**
 * For a connection over TLS as one of this cluster's nodes. We show our own server certificate, which may be used as a
 * client's. The other must have one of our authorities, whatever address it says.
 */
export function asNode({ cert, key, ca }: Credentials) {
  return {
    cert,
    key,
    ca,
    // web.tls.ca may hold authorities that are no roots.
    allowPartialTrustChain: true,
    checkServerIdentity: () => undefined,
    minVersion: 'TLSv1.2',
  } as const;
}
