import type { AliasAddress } from './alias-request.js';

/** `172.16.16.0/24`: every host address in it, and nothing else. */
export type AddressBlock = string;

/**
 * The fewest CIDR blocks (RFC 4632) that hold exactly these addresses: a prefix list of FRR 8.4 takes 5 ms for a line while it is
 * short, and 35 ms when it has a thousand.
 */
export function blocksOf(addresses: readonly AliasAddress[]): readonly AddressBlock[] {
  const numbers = [...new Set(addresses.map(toNumber))].sort((a, b) => a - b);
  const blocks: AddressBlock[] = [];
  for (let index = 0; index < numbers.length; ) {
    const first = numbers[index] ?? 0;
    let size = 1;
    // Numbers are sorted and differ: if the last of the block is where it must be, so are all between.
    while (first % (size * 2) === 0 && numbers[index + size * 2 - 1] === first + size * 2 - 1) size *= 2;
    blocks.push(`${toQuad(first)}/${32 - Math.log2(size)}`);
    index += size;
  }
  return blocks;
}

/** Whether the address lies in the block. */
export function isWithin(address: string, block: AddressBlock): boolean {
  const [network = '', length] = block.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(network) / size);
}

function toNumber(address: string): number {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

function toQuad(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
