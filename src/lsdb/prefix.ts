import { formatIpv4, type Ipv4, ipv4, parseIpv4 } from 'ospfapi-shim';
import { prefixLength } from './words.js';

/** `10.1.1.0/24`; what is no contiguous mask is written as a mask. */
export function formatPrefix(address: number, mask: number): string {
  const network = formatIpv4(ipv4((address & mask) >>> 0));
  return `${network}/${prefixLength(mask) ?? formatIpv4(ipv4(mask))}`;
}

/** Values by network and mask, found by the longest match (RFC 1812 section 5.2.4.3). */
export class PrefixTable<Value> {
  readonly #byMask = new Map<number, Map<number, Value[]>>();
  /** Longest first. */
  #masks: readonly number[] = [];

  add(address: number, mask: number, value: Value): void {
    const networks = this.#byMask.get(mask) ?? new Map<number, Value[]>();
    if (!this.#byMask.has(mask)) this.#masks = [...this.#byMask.set(mask, networks).keys()].sort((a, b) => b - a);
    const network = (address & mask) >>> 0;
    const values = networks.get(network);
    if (values === undefined) networks.set(network, [value]);
    else values.push(value);
  }

  /** What was added for the longest prefix that has an acceptable value, with that prefix. */
  longest(
    address: Ipv4,
    accept: (value: Value) => boolean = () => true,
  ): { prefix: string; values: Value[] } | undefined {
    for (const mask of this.#masks) {
      const values = this.exactly(address, mask).filter(accept);
      if (values.length > 0) return { prefix: formatPrefix(address, mask), values };
    }
    return undefined;
  }

  exactly(address: number, mask: number): readonly Value[] {
    return this.#byMask.get(mask)?.get((address & mask) >>> 0) ?? [];
  }
}

/** The dotted quad as a number. Throws a RangeError if it is none. */
export function addressOf(text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === undefined) throw new RangeError(`expected an IPv4 address, got ${text}`);
  return address;
}
