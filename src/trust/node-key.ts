import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** A node's own key, Ed25519 (RFC 8032). */
export interface NodeKey {
  readonly publicKey: PublicKey;
  /** 64 bytes, always the same for the same bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** What others need of it. */
export interface PublicKey {
  /** The first 8 bytes of its SHA-256, 16 hexadecimal digits. */
  readonly id: string;
  /** 32 bytes in base64. */
  readonly text: string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** A new one, as PEM (PKCS #8). */
export function makeKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** undefined: it is no private key of Ed25519. */
export function nodeKey(pem: string): NodeKey | undefined {
  try {
    const key = createPrivateKey(pem);
    const { x } = createPublicKey(key).export({ format: 'jwk' });
    const own = x === undefined ? undefined : publicKey(Buffer.from(x, 'base64url').toString('base64'));
    if (key.asymmetricKeyType !== 'ed25519' || own === undefined) return undefined;
    return { publicKey: own, sign: (bytes) => sign(null, bytes, key) };
  } catch {
    return undefined;
  }
}

/** undefined: the text is no public key of Ed25519. */
export function publicKey(text: string): PublicKey | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== text) return undefined;
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  let key: KeyObject | undefined;
  return {
    id,
    text,
    verify: (message, signature) => {
      key ??= createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
      return verify(null, message, key, signature);
    },
  };
}
