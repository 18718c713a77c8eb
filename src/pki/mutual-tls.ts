import type { PeerCertificate, SecureContextOptions } from 'node:tls';

/** Who we are to the node that is asked, and by whom it must be certified. */
export type Credentials = Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>;

/** An error if this certificate is of another than `host` or who is wanted. */
type Doubt = (host: string, certificate: PeerCertificate) => Error | undefined;

/**
 * For a connection over TLS to a node of this cluster. We show our own certificate; one of a server may be used as a client's.
 * The other must have one of our authorities, and without `doubt` may be any of those that have one, whatever address it says.
 */
export function mutualTls({ cert, key, ca }: Credentials, doubt: Doubt = () => undefined) {
  return {
    cert,
    key,
    ca,
    // web.tls.ca may hold authorities that are no roots.
    allowPartialTrustChain: true,
    checkServerIdentity: doubt,
    minVersion: 'TLSv1.2',
  } as const;
}
