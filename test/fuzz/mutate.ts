import type { Random } from '../sim/random.js';

/** No body and no message is longer; answers of FRR are, but not what is read at once of one line. */
export const MOST_BYTES = 4096;

const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [flip, setByte, setNumber, setNumber, remove, repeat, splice, cut, swap];

/** One to six changes. `others` lend parts. */
export function mutate(
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[],
  words: readonly string[] = [],
): Uint8Array {
  // A Buffer's slice is no copy, and its memory may be that of others too.
  let mutated: Uint8Array = Uint8Array.from(bytes);
  for (let left = random.int(1, 6); left > 0; left--) {
    const isWord = words.length > 0 && random.chance(0.4);
    mutated = isWord ? putWord(mutated, random, words) : random.pick(MUTATIONS)(mutated, random, others);
  }
  return mutated.length > MOST_BYTES ? mutated.subarray(0, MOST_BYTES) : mutated;
}

function flip(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const at = place(bytes, random);
  if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << random.int(0, 7));
  return changed;
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const at = place(bytes, random);
  if (at < changed.length) changed[at] = random.chance(0.5) ? random.int(0, 255) : random.pick(EDGES) & 0xff;
  return changed;
}

/** Lengths, types, counters and claims stand at even places. */
function setNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const size = random.pick([2, 4]);
  const at = place(bytes, random) & ~1;
  if (at + size > bytes.length) return bytes;
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const value = random.chance(0.3) ? random.int(0, 40) : random.pick(EDGES);
  if (size === 2) view.setUint16(at, value & 0xffff);
  else view.setUint32(at, value);
  return changed;
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const at = place(bytes, random);
  return joined(bytes.subarray(0, at), bytes.subarray(at + size(random)));
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const at = place(bytes, random);
  const part = bytes.subarray(at, at + size(random));
  const times = random.chance(0.05) ? random.int(2, 60) : 1;
  return joined(bytes.subarray(0, at), ...Array.from({ length: times }, () => part), bytes.subarray(at));
}

function splice(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  const other = random.pick(others);
  const from = place(other, random);
  const part = other.subarray(from, from + (random.chance(0.3) ? other.length : size(random)));
  const at = place(bytes, random);
  return joined(bytes.subarray(0, at), part, bytes.subarray(random.chance(0.5) ? at : at + part.length));
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return random.chance(0.7) ? bytes : bytes.subarray(0, place(bytes, random));
}

function swap(bytes: Uint8Array, random: Random): Uint8Array {
  const [a, b] = [place(bytes, random), place(bytes, random)].sort((x, y) => x - y) as [number, number];
  const length = Math.min(size(random), b - a);
  const [first, second] = [bytes.subarray(a, a + length), bytes.subarray(b, b + length)];
  return joined(bytes.subarray(0, a), second, bytes.subarray(a + length, b), first, bytes.subarray(b + length));
}

function putWord(bytes: Uint8Array, random: Random, words: readonly string[]): Uint8Array {
  const at = place(bytes, random);
  const times = random.chance(0.05) ? random.int(2, 200) : 1;
  const word = Buffer.from(random.pick(words).repeat(times));
  return joined(bytes.subarray(0, at), word, bytes.subarray(random.chance(0.5) ? at : at + word.length));
}

function place(bytes: Uint8Array, random: Random): number {
  const at = random.int(0, Math.max(0, bytes.length - 1));
  return random.chance(0.6) ? at & ~3 : at;
}

function size(random: Random): number {
  return random.chance(0.6) ? 4 * random.int(1, 8) : random.int(1, 70);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts).subarray(0, MOST_BYTES));
}
