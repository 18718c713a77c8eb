import { constants, privateEncrypt } from 'node:crypto';
import type forge from 'node-forge';

/** DigestInfo of a SHA-256 digest, up to the digest itself: RFC 8017 section 9.2, note 1. */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/**
 * An RSA key with which node-forge signs certificates (SHA-256, RSASSA-PKCS1-v1_5: RFC 8017 section 8.2). OpenSSL does the
 * work: node-forge's own arithmetic takes a second for 3072 bits. `key`: PEM.
 */
export function signingKey(key: string): forge.pki.rsa.PrivateKey {
  const sign = (digest: forge.md.MessageDigest): string => {
    const info = Buffer.concat([SHA256_INFO, Buffer.from(digest.digest().getBytes(), 'latin1')]);
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info).toString('latin1');
  };
  // Of a key, signing a certificate uses nothing else.
  return { sign } as unknown as forge.pki.rsa.PrivateKey;
}
