import { X509Certificate } from 'node:crypto';

/** The certificates in a PEM text, in their order; none if there is none. Throws if what looks like one is none. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
