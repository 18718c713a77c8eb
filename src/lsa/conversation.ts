import { type RouterId, routerId } from '../model/index.js';
import { ByteReader, ByteWriter, Malformed } from './bytes.js';
import { type Tlv, type TlvSet, tlv } from './tlv.js';
import type { TlvRows } from './tlv-row.js';

const NONCE = { name: 'number', is: 'bytes', bytes: 8 } as const;

export const CONVERSATION = {
  asks: { type: 209, name: 'asks', repeated: [{ name: 'router asked', is: 'address' }, NONCE] },
  answers: { type: 210, name: 'answers', repeated: [{ name: 'router that asked', is: 'address' }, NONCE] },
} as const satisfies TlvRows;

const MOST_NONCES = 8;

/** A number that was drawn for this one question: 16 hexadecimal digits. */
export interface Nonce {
  /** Who is asked, or who has asked. */
  readonly routerId: RouterId;
  readonly nonce: string;
}

/** What nodes ask each other beside what the core says: whether words are those of a node that lives now (docs/trust.md). */
export interface Conversation {
  readonly asks: readonly Nonce[];
  readonly answers: readonly Nonce[];
}

/** Of more than 8 the first are sent. */
export function conversationTlvs({ asks, answers }: Conversation): Tlv[] {
  const tlvs: Tlv[] = [];
  if (asks.length > 0) tlvs.push(tlv(CONVERSATION.asks, noncesValue(asks)));
  if (answers.length > 0) tlvs.push(tlv(CONVERSATION.answers, noncesValue(answers)));
  return tlvs;
}

/** Throws Malformed. undefined: there is none. */
export function readConversation(tlvs: TlvSet): Conversation | undefined {
  const asks = readNonces(tlvs.optional(CONVERSATION.asks), 'the list of asks');
  const answers = readNonces(tlvs.optional(CONVERSATION.answers), 'the list of answers');
  return asks.length + answers.length === 0 ? undefined : { asks, answers };
}

function noncesValue(nonces: readonly Nonce[]): Uint8Array {
  return nonces
    .slice(0, MOST_NONCES)
    .reduce(
      (writer, { routerId: id, nonce }) => writer.uint32('a router ID of a nonce', id).bytes(nonceBytes(nonce)),
      new ByteWriter(),
    )
    .done();
}

function nonceBytes(nonce: string): Uint8Array {
  if (/^[0-9a-f]{16}$/.test(nonce)) return Buffer.from(nonce, 'hex');
  throw new RangeError(`a nonce must be 16 hexadecimal digits, not '${nonce}'`);
}

function readNonces(value: Uint8Array | undefined, what: string): Nonce[] {
  if (value === undefined) return [];
  const reader = new ByteReader(value, what);
  const nonces: Nonce[] = [];
  while (reader.remaining > 0) {
    nonces.push({ routerId: routerId(reader.uint32()), nonce: Buffer.from(reader.bytes(8)).toString('hex') });
  }
  if (nonces.length === 0) throw new Malformed(`${what} is empty`);
  if (nonces.length > MOST_NONCES) throw new Malformed(`${what} has ${nonces.length} entries, at most ${MOST_NONCES}`);
  return nonces;
}
