/** Names of numbers in LSAs. What has none here is shown as its number. */

const LSA_TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'Router'],
  [2, 'Network'],
  [3, 'Summary'],
  [4, 'ASBR Summary'],
  [5, 'AS External'],
  [7, 'NSSA External'],
  [9, 'Link Opaque'],
  [10, 'Area Opaque'],
  [11, 'AS Opaque'],
]);

/** RFC 2328 appendix A.2, RFC 5250 section 4.1, RFC 4576 (DN), RFC 5613 (L), RFC 4915 (MT). Bit 0 first. */
const OPTIONS = ['MT', 'E', 'MC', 'N/P', 'L', 'DC', 'O', 'DN'];

/** IANA, "Opaque Link-State Advertisements (LSA) Option Types"; 128 to 255 are for private use. */
const OPAQUE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'Traffic Engineering'],
  [2, 'Sycamore Optical Topology'],
  [3, 'Graceful Restart'],
  [4, 'Router Information'],
  [5, 'L1VPN'],
  [6, 'Inter-AS Traffic Engineering'],
  [7, 'Extended Prefix'],
  [8, 'Extended Link'],
  [222, 'srrd'],
]);

export function lsaTypeName(type: number): string {
  return LSA_TYPE_NAMES.get(type) ?? `type ${type}`;
}

export function opaqueTypeName(type: number): string {
  return OPAQUE_TYPES.get(type) ?? (type < 128 ? `opaque type ${type}` : `private opaque type ${type}`);
}

export function optionNames(bits: number): string {
  return flagNames(bits, OPTIONS);
}

/** The names of the bits that are set, lowest first. `none` if no bit is set. */
export function flagNames(bits: number, names: readonly string[]): string {
  const set: string[] = [];
  for (let bit = 0; bit < 32; bit++) if (((bits >>> bit) & 1) === 1) set.push(names[bit] ?? `bit ${bit}`);
  return set.length === 0 ? 'none' : set.join(', ');
}

/** `255.255.255.0` as 24; null if the ones are not all in front. */
export function prefixLength(mask: number): number | null {
  const inverted = ~mask >>> 0;
  if ((inverted & (inverted + 1)) !== 0) return null;
  return Math.clz32(inverted);
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

export function hexNumber(value: number, digits: number): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}
