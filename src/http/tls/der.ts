/** A value in DER (X.690): its tag byte, what it contains, and all of it with tag and length. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/** The bytes are no DER, or not of the expected form. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

export const TAG = { integer: 0x02, bitString: 0x03, oid: 0x06, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30 };

/** The one value that the bytes are. Throws a DerError. */
export function readDer(bytes: Buffer): Der {
  const [value, ...more] = readAll(bytes);
  if (value === undefined || more.length > 0) throw new DerError('expected one value');
  return value;
}

/** What a SEQUENCE contains. Throws a DerError if it is none. */
export function elementsOf(value: Der | undefined): Der[] {
  if (value?.tag !== TAG.sequence) throw new DerError('expected a SEQUENCE');
  return readAll(value.content);
}

function readAll(bytes: Buffer): Der[] {
  const values: Der[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const value = readFirst(rest);
    values.push(value);
    rest = rest.subarray(value.whole.length);
  }
  return values;
}

function readFirst(bytes: Buffer): Der {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw new DerError('it ends within a value');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const begin = 2 + lengthBytes;
  if (first === 0x80 || lengthBytes > 4 || bytes.length < begin) throw new DerError('a length is wrong');
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  if (bytes.length < begin + length) throw new DerError('it ends within a value');
  return { tag, content: bytes.subarray(begin, begin + length), whole: bytes.subarray(0, begin + length) };
}
