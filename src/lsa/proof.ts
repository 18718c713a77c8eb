import { COMMON } from './common-tlvs.js';
import { eraseChecksum, HEADER_TLV_BYTES, sealBody } from './header.js';

/** The key's ID, the time, the signature of Ed25519 (RFC 8032). */
const KEY_ID_BYTES = 8;
const TIME_BYTES = 4;
const SIGNATURE_BYTES = 64;
const VALUE_BYTES = KEY_ID_BYTES + TIME_BYTES + SIGNATURE_BYTES;

/** With type and length. */
export const PROOF_TLV_BYTES = 4 + VALUE_BYTES;

/** The proof at the end of a body. */
export interface ProofParts {
  /** 16 hexadecimal digits. */
  readonly keyId: string;
  /** When it was made, by its maker's clock. */
  readonly unixSeconds: number;
  /** All that it covers of the body: everything but the signature, with the checksum counted as 0. */
  readonly proven: Uint8Array;
  readonly signature: Uint8Array;
}

/** The body with a proof as its last TLV. `sign` gets what the proof covers, and gives 64 bytes. */
export function addProof(
  body: Uint8Array,
  { keyId, unixSeconds }: Pick<ProofParts, 'keyId' | 'unixSeconds'>,
  sign: (proven: Uint8Array) => Uint8Array,
): Uint8Array {
  const proven = new Uint8Array(body.length + PROOF_TLV_BYTES);
  proven.set(body);
  const view = new DataView(proven.buffer);
  view.setUint16(body.length, COMMON.proof.type);
  view.setUint16(body.length + 2, VALUE_BYTES);
  proven.set(Buffer.from(keyId, 'hex'), body.length + 4);
  view.setUint32(body.length + 4 + KEY_ID_BYTES, unixSeconds);
  // The length in the header is under the proof; the checksum covers the proof, so it comes last.
  sealBody(proven);
  proven.set(sign(provenPart(proven)), proven.length - SIGNATURE_BYTES);
  return sealBody(proven);
}

/** Looks at the last bytes alone; undefined: they are no proof. Nothing is verified. */
export function readProof(body: Uint8Array): ProofParts | undefined {
  const start = body.length - PROOF_TLV_BYTES;
  if (start < HEADER_TLV_BYTES || start % 4 !== 0) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (view.getUint16(start) !== COMMON.proof.type || view.getUint16(start + 2) !== VALUE_BYTES) return undefined;
  return {
    keyId: Buffer.from(body.subarray(start + 4, start + 4 + KEY_ID_BYTES)).toString('hex'),
    unixSeconds: view.getUint32(start + 4 + KEY_ID_BYTES),
    proven: provenPart(body),
    signature: body.subarray(-SIGNATURE_BYTES),
  };
}

function provenPart(body: Uint8Array): Uint8Array {
  // Not slice: that of a Buffer is no copy.
  return eraseChecksum(Uint8Array.from(body.subarray(0, -SIGNATURE_BYTES)));
}
